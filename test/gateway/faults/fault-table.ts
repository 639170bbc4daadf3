import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule, Faults } from '../../../simulators/kit/faults.ts';
import type { DemoSettings } from '../../helpers/start-stack.ts';
import type { GraphQLAnswer } from '../../helpers/test-client.ts';

/** What can go wrong between the gateway and a source, and what a caller is told then. */
interface FaultCase {
  readonly fault: string;
  readonly rule: FaultRule;
  readonly code: string;
  readonly retryable: boolean;
}

/** Deadline of the sources that are made to run out of time; the others have theirs of 15 seconds. */
const DEADLINE_MS = 600;

/** The same source once more, with little patience. */
const hasty = (source: string) => `hasty-${source}`;

const cases: readonly FaultCase[] = [
  {
    fault: 'answers after the deadline',
    rule: { kind: 'latency', milliseconds: 10 * DEADLINE_MS },
    code: 'SOURCE_TIMEOUT',
    retryable: true,
  },
  { fault: 'never answers', rule: { kind: 'hang' }, code: 'SOURCE_TIMEOUT', retryable: true },
  { fault: 'answers 503', rule: { kind: 'status', status: 503 }, code: 'SOURCE_UNAVAILABLE', retryable: true },
  { fault: 'answers 500', rule: { kind: 'status', status: 500 }, code: 'SOURCE_UNAVAILABLE', retryable: true },
  { fault: 'answers 429', rule: { kind: 'status', status: 429 }, code: 'SOURCE_RATE_LIMITED', retryable: true },
  { fault: 'closes the socket at once', rule: { kind: 'drop' }, code: 'SOURCE_UNREACHABLE', retryable: true },
  {
    fault: 'closes the socket when all is done',
    rule: { kind: 'dropAfter' },
    code: 'SOURCE_UNREACHABLE',
    retryable: true,
  },
  { fault: 'breaks off its answer', rule: { kind: 'truncate' }, code: 'SOURCE_UNREACHABLE', retryable: true },
  {
    fault: 'answers JSON of another shape',
    rule: { kind: 'wrongJson' },
    code: 'SOURCE_BAD_ANSWER',
    retryable: false,
  },
  { fault: 'answers a web page', rule: { kind: 'notJson' }, code: 'SOURCE_BAD_ANSWER', retryable: false },
];

/** What is waited for takes its time: it is tried with one read and one change of each source. */
const isSlow = ({ code }: FaultCase) => code === 'SOURCE_TIMEOUT';
const quick = cases.filter((one) => !isSlow(one));

/** Faults that pass by themselves: a call that is safe to repeat gets through them, with time enough. */
const passing = quick.filter(({ code, fault }) => code !== 'SOURCE_BAD_ANSWER' && !/500|429/.test(fault));

/** One repeat, no circuit that would end the table, and a hasty twin of every source. */
export function prepareFaults({ sources }: DemoSettings): void {
  for (const list of [sources.faspex, sources.node, sources.faircom]) {
    for (const source of [...list]) {
      Object.assign(source, { retries: 1, circuitFailures: 10_000 });
      list.push({ ...source, name: hasty(String(source.name)), deadlineMs: DEADLINE_MS });
    }
  }
}

export interface FaultyRead {
  readonly name: string;
  /** A selection of Query that makes one call. */
  readonly selection: (source: string) => string;
  /** The field that the failing call nulls. */
  readonly path: readonly string[];
  /** Which requests are hit; all when left out. */
  readonly hits?: Partial<FaultRule>;
}

export interface FaultyWrite {
  readonly name: string;
  /** A selection of Mutation under the name `result`, with `... on Error { code message retryable }`. */
  readonly selection: (source: string) => string;
  readonly hits?: Partial<FaultRule>;
  /** Makes the fault hit the request that changes something, where the rule alone cannot tell. */
  readonly arm?: (add: () => void) => void;
  /** How often the request that changes something reached the source since `reset`. */
  readonly sent: () => number;
}

export interface FaultySource {
  readonly source: string;
  readonly ask: (operation: string) => Promise<GraphQLAnswer<Record<string, unknown>>>;
  readonly faults: () => Faults;
  /** Forgets what has been sent so far. */
  readonly reset: () => void;
  /** A selection of Query that another source answers. */
  readonly healthy: string;
  readonly reads: readonly FaultyRead[];
  readonly writes: readonly FaultyWrite[];
}

const valueAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], data);

/** The source that is asked when a fault hits. */
const askedOf = (source: string, fault: FaultCase) => (isSlow(fault) ? hasty(source) : source);

function describeRead({ source, ask, faults, reset, healthy, reads }: FaultySource, read: FaultyRead): void {
  const operation = (asked: string) => `{ healthy: ${healthy} ${read.selection(asked)} }`;
  const addAll = (rule: FaultRule) => faults().add({ ...rule, ...read.hits });
  afterEach(() => faults().clear());

  it('is answered while nothing is wrong', async () => {
    const answer = await ask(operation(source));
    expect(answer.errors).toBeUndefined();
    expect(valueAt(answer.data, read.path)).not.toBeNull();
  });

  it.each(read === reads[0] ? cases : quick)(
    'is null with one error when the source $fault, and the rest stays',
    async (fault) => {
      const asked = askedOf(source, fault);
      reset();
      addAll(fault.rule);
      const { data, errors } = await ask(operation(asked));
      expect(data?.healthy).toEqual(expect.objectContaining({}));
      expect(valueAt(data, read.path)).toBeNull();
      expect(errors).toEqual([
        expect.objectContaining({
          path: read.path,
          extensions: expect.objectContaining({ source: asked, code: fault.code, retryable: fault.retryable }),
        }),
      ]);
      expect(errors?.[0]?.message).toMatch(new RegExp(`^${asked} [^\\n]{10,200}$`));
    },
  );

  it.each(passing)('is answered all the same when the source once $fault', async ({ rule }) => {
    addAll({ ...rule, times: 1 });
    const answer = await ask(operation(source));
    expect(answer.errors).toBeUndefined();
    expect(valueAt(answer.data, read.path)).not.toBeNull();
  });
}

function describeWrite({ source, ask, faults, reset, writes }: FaultySource, write: FaultyWrite): void {
  afterEach(() => faults().clear());

  it.each(write === writes[0] ? cases : quick)(
    'is sent once when the source $fault, and its failure is a typed result',
    async (fault) => {
      reset();
      const add = () => faults().add({ ...fault.rule, ...write.hits });
      if (write.arm) write.arm(add);
      else add();
      const answer = await ask(`mutation { ${write.selection(askedOf(source, fault))} }`);
      expect(answer.errors).toBeUndefined();
      expect(answer.data?.result).toMatchObject({ code: fault.code, retryable: fault.retryable });
      expect(write.sent()).toBe(1);
    },
  );
}

/** Goes through everything that can go wrong with what is asked of one source. */
export function describeFaults(source: FaultySource): void {
  describe.each(source.reads)('a failing read: $name', (read) => describeRead(source, read));
  describe.each(source.writes)('a failing change: $name', (write) => describeWrite(source, write));
}
