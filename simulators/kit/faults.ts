/**
 * What can be made to go wrong with an HTTP answer, on any simulator:
 * - `latency`: wait `milliseconds`, then answer as usual;
 * - `status`: do not run the request; answer `status` with `json` or the product's own error body;
 * - `drop`: close the socket before the request is run;
 * - `dropAfter`: run the request, then close the socket instead of answering (the caller cannot know that it was done);
 * - `truncate`: run the request and close the socket in the middle of the body;
 * - `wrongJson`: run the request and answer valid JSON of a shape that no contract has;
 * - `notJson`: answer 200 with an HTML page, as a proxy in front of a dead server does;
 * - `hang`: never answer; the request ends when the client goes away.
 */
export type FaultKind = 'latency' | 'status' | 'drop' | 'dropAfter' | 'truncate' | 'wrongJson' | 'notJson' | 'hang';

export interface FaultRule {
  readonly kind: FaultKind;
  /** Only requests with this method; all when left out. */
  readonly method?: string;
  /** Only requests whose path (below the prefix) contains this text; all when left out. */
  readonly path?: string;
  /** How many requests are hit; all until `clear` when left out. */
  readonly times?: number;
  readonly milliseconds?: number;
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /** The rules that hit this request, used up once each. */
  take(method: string, path: string): readonly FaultRule[];
  list(): readonly FaultRule[];
}

const kinds: ReadonlySet<string> = new Set<FaultKind>([
  'latency',
  'status',
  'drop',
  'dropAfter',
  'truncate',
  'wrongJson',
  'notJson',
  'hang',
]);

export const isFaultKind = (value: unknown): value is FaultKind => typeof value === 'string' && kinds.has(value);

export function createFaults(): Faults {
  let active: { rule: FaultRule; left: number }[] = [];
  const hits = (rule: FaultRule, method: string, path: string) =>
    (rule.method === undefined || rule.method === method) && (rule.path === undefined || path.includes(rule.path));
  return {
    add: (rule) => {
      active.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      active = [];
    },
    take: (method, path) => {
      const taken = active.filter(({ rule }) => hits(rule, method, path));
      for (const entry of taken) entry.left -= 1;
      active = active.filter(({ left }) => left > 0);
      return taken.map(({ rule }) => rule);
    },
    list: () => active.map(({ rule }) => rule),
  };
}
