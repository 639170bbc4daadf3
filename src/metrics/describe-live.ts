import type { Registry } from 'prom-client';
import type { PollCounts } from '../progress/poll-counts.ts';
import type { ServerCounts } from '../server/create-server.ts';
import { readCounter, readGauge } from './read-on-scrape.ts';

/** Where the numbers are read that the parts of a gateway keep for themselves. */
export interface Followed {
  readonly server: () => ServerCounts;
  /** By the name of the source. */
  readonly polls: ReadonlyMap<string, Readonly<PollCounts>>;
  /** JSON Web Tokens that came with operations. */
  readonly verdicts: { readonly hits: number; readonly misses: number };
  /** Whether polls are shared with other processes at the moment; undefined where there are no others. */
  readonly sharing: (() => 'shared' | 'alone' | undefined) | undefined;
  /** Lines of the log that were lost since the start. */
  readonly lostLines: (() => number) | undefined;
}

function describeSubscribers(registry: Registry, { server }: Followed): void {
  const gauges: readonly (readonly [name: string, help: string, read: (counts: ServerCounts) => number])[] = [
    ['aspera_gateway_sockets', 'WebSockets that are open.', ({ sockets }) => sockets],
    ['aspera_gateway_subscriptions', 'Subscriptions that are open.', ({ subscriptions }) => subscriptions],
    ['aspera_gateway_subscription_groups', 'Groups of subscribers who are told the same.', ({ groups }) => groups],
    [
      'aspera_gateway_documents_kept',
      'Documents that are kept for operations to come.',
      ({ documents }) => documents.kept,
    ],
    [
      'aspera_gateway_operations_compiled',
      'Compiled operations that are kept for when they come again.',
      ({ compiled }) => compiled.kept,
    ],
  ];
  for (const [name, help, read] of gauges)
    readGauge(registry, { name, help, labels: [], read: () => [[read(server())]] });
  readCounter(registry, {
    name: 'aspera_gateway_events_told_total',
    help: 'Events that subscribers were told, each counted for each of them.',
    labels: [],
    read: () => [[server().told]],
  });
  readCounter(registry, {
    name: 'aspera_gateway_documents_total',
    help: 'Documents that operations came with: found among those that are kept (hit), parsed, or compiled.',
    labels: ['step'],
    read: () => {
      const { documents, compiled } = server();
      return [
        [documents.hits, 'hit'],
        [documents.parsed, 'parsed'],
        [compiled.compiled, 'compiled'],
      ];
    },
  });
}

function describePolls(registry: Registry, { polls }: Followed): void {
  const each = (read: (counts: Readonly<PollCounts>) => number) => () =>
    [...polls].map(([source, counts]) => [read(counts), source] as const);
  const labels = ['source'] as const;
  readGauge(registry, {
    ...{ name: 'aspera_gateway_polls_running', labels },
    help: 'Polls of a source that this process keeps up for its subscribers, or for those of all processes.',
    read: each(({ running }) => running),
  });
  readCounter(registry, {
    ...{ name: 'aspera_gateway_polls_total', labels },
    help: 'Times that a source was polled.',
    read: each(({ done }) => done),
  });
  readCounter(registry, {
    ...{ name: 'aspera_gateway_poll_failures_total', labels },
    help: 'Polls of a source that failed: its subscribers hear nothing new meanwhile.',
    read: each(({ failed }) => failed),
  });
}

/** Numbers that cost nothing until somebody looks. */
export function describeLive(registry: Registry, followed: Followed): void {
  const { verdicts, sharing, lostLines } = followed;
  describeSubscribers(registry, followed);
  describePolls(registry, followed);
  readCounter(registry, {
    name: 'aspera_gateway_token_checks_total',
    help: 'JSON Web Tokens of callers: remembered from a moment ago, or verified anew.',
    labels: ['how'],
    read: () => [
      [verdicts.hits, 'remembered'],
      [verdicts.misses, 'verified'],
    ],
  });
  if (sharing) {
    readGauge(registry, {
      name: 'aspera_gateway_polls_shared',
      help: '1 while polls and events are shared with other processes through Redis, 0 while this one is alone.',
      labels: [],
      read: () => [[Number(sharing() === 'shared')]],
    });
  }
  if (lostLines) {
    readCounter(registry, {
      name: 'aspera_gateway_log_lines_lost_total',
      help: 'Lines of the log that were thrown away because nobody reads them fast enough.',
      labels: [],
      read: () => [[lostLines()]],
    });
  }
}
