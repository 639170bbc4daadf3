import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type Scrape, scrape } from './helpers/scrape.ts';
import { startStack } from './helpers/start-stack.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
const rules = (parse(read('../examples/alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

/** The pieces of an expression of one kind, and whether all of it could be read. */
function pieces(expression: string, kind: string) {
  const found: string[] = [];
  let isValid = true;
  parser.parse(expression).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) isValid = false;
      if (type.name === kind) found.push(expression.slice(from, to));
    },
  });
  return { found, isValid };
}

/** What Prometheus itself adds, and what only some gateways have. */
const elsewhere = new Set(['up', 'aspera_gateway_polls_shared', 'aspera_gateway_log_lines_lost_total']);

let scraped: Scrape;
beforeAll(async () => {
  const stack = await startStack({ configure: (settings) => Object.assign(settings, { metrics: { port: 0 } }) });
  await stack.everything.data('{ asperaNode(source: "london") { info { version } } }');
  const events = stack.everything.subscribe('subscription { transfers(node: "london") { cursor } }');
  events.next().catch(() => undefined);
  await vi.waitFor(
    async () => {
      scraped = await scrape(stack.metricsUrl);
      expect(scraped.sum('aspera_gateway_polls_running')).toBe(1);
    },
    { timeout: 10_000 },
  );
  await stack.stop();
});

describe('the rules for Prometheus', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s can be read and is about numbers that there are',
    (_name, rule) => {
      const { found, isValid } = pieces(rule.expr, 'Identifier');
      expect(isValid, rule.expr).toBe(true);
      const metrics = found.filter((name) => name === 'up' || /^(aspera_gateway|nodejs|process)_/.test(name));
      expect(metrics).not.toEqual([]);
      expect(metrics.filter((name) => !elsewhere.has(name) && !scraped.names.has(name))).toEqual([]);
      expect(['page', 'ticket']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).toMatch(/\.$|\?$|"\.$/);
    },
  );

  it('are all explained', () => {
    const page = read('../docs/operating.md');
    for (const { alert } of rules) expect(page).toContain(alert);
  });
});

describe('the page for operators', () => {
  it('explains every number of the gateway', () => {
    const page = read('../docs/operating.md');
    const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
    const own = [...scraped.names, ...elsewhere].filter((name) => name.startsWith('aspera_gateway_')).map(base);
    expect([...new Set(own)].filter((name) => !page.includes(name))).toEqual([]);
  });
});
