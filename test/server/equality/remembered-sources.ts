import { createHash } from 'node:crypto';
import type { Sources } from '../../../src/context/context.ts';
import { createRegistry } from '../../../src/context/registry.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import type { Call } from '../../../src/transport/upstream.ts';

/** What a source says to the same question of the same identity, each time the same, and from memory at the second time. */
type Answers = Map<string, unknown>;

type Functions = Readonly<Record<string, unknown>>;

interface Openable {
  readonly kind: string;
  readonly name: string;
  open(call: Call): object;
  check(signal?: AbortSignal): Promise<object>;
}

/** The same number for the same text, always. */
const numberOf = (text: string) => createHash('sha256').update(text).digest().readUInt32BE();

const unreadable = (source: string) =>
  new SourceError('SOURCE_BAD_ANSWER', `${source} sent an item that cannot be read.`, { source });

const notNow = (source: string) => new SourceError('SOURCE_UNAVAILABLE', `${source} cannot answer now.`, { source });

/** Pages and lists in which the gateway takes an error for an item that could not be read: the member, and where it is so. */
const mayHoldErrors: Readonly<Record<string, (name: string) => boolean>> = {
  faspex: () => true,
  faircom: (name) => name !== 'describeTables',
  node: (name) => ['transferFeed', 'accessKeys', 'filesInfo', 'space', 'syncSummaries', 'syncJobFiles'].includes(name),
  transferd: () => false,
};

/** Questions that are put together from those of one tick: which ones go together is a matter of timing. */
const batched: ReadonlySet<string> = new Set([
  ...['filesInfo', 'space', 'bandwidth', 'describeTables', 'listNamedTables', 'getRecordsByIds'],
]);

/** Numbers and dates that are nowhere but in fields of the same meaning. */
const oddMembers: Readonly<Record<string, unknown>> = {
  sizeBytes: 2 ** 60,
  bytesTransferred: 2 ** 60,
  bytesWritten: -1.5,
  fileCount: 'many',
  createdAt: 'the day before yesterday',
  modifiedAt: 'now and then',
};

function spoilMembers(item: object): object {
  const odd = Object.keys(oddMembers).filter((name) => typeof (item as Functions)[name] === typeof oddMembers[name]);
  return { ...item, ...Object.fromEntries(odd.map((name) => [name, oddMembers[name]])) };
}

/** Some items of a list become errors, and some have values that no scalar takes: what servers do on bad days. */
function spoilItems(items: readonly unknown[], source: string): unknown[] {
  return items.map((item) => {
    if (typeof item !== 'object' || item === null || item instanceof Error) return item;
    const chance = numberOf(JSON.stringify(item)) % 12;
    if (chance === 0) return unreadable(source);
    return chance === 1 ? spoilMembers(item) : item;
  });
}

function spoil(answer: unknown, source: string): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return spoilItems(answer, source);
  const lists = Object.entries(answer).filter(
    ([name, list]) => ['items', 'transfers'].includes(name) && Array.isArray(list),
  );
  if (lists.length === 0) return answer;
  return { ...answer, ...Object.fromEntries(lists.map(([name, list]) => [name, spoilItems(list, source)])) };
}

/** Of all questions this share is refused, in percent. */
const REFUSED = 3;

async function ask(call: Promise<unknown>, { kind, name: source }: Openable, name: string, question: string) {
  if (!batched.has(name) && numberOf(question) % 100 < REFUSED) {
    await call.catch(() => undefined);
    throw notNow(source);
  }
  const answer = await call;
  return mayHoldErrors[kind]?.(name) ? spoil(answer, source) : answer;
}

function rememberFunctions(source: Openable, { identity }: Call, answers: Answers): object {
  // Neither signal nor budget: an answer belongs to everybody who asks for it later.
  const client = source.open({ identity });
  const remembered = Object.entries(client).map(([name, call]) => [
    name,
    (...args: unknown[]) => {
      const question = `${identity.key} ${name} ${JSON.stringify(args)}`;
      const known = answers.get(question);
      if (known) return known;
      const answer = call(...args);
      if (!(answer instanceof Promise)) return answer;
      const told = ask(answer, source, name, question);
      answers.set(question, told);
      return told;
    },
  ]);
  return Object.fromEntries(remembered);
}

function remember<Source extends Openable>(source: Source): Source {
  const answers: Answers = new Map();
  let health: Promise<object> | undefined;
  return {
    ...source,
    open: (call: Call) => rememberFunctions(source, call, answers),
    check: () => {
      health ??= source.check();
      return health;
    },
  } as Source;
}

/**
 * Sources that are asked each question once. From then on the answer comes from memory, so that thousands of operations
 * can be compared, and the same operation finds the same world twice. Some answers are refusals, and some items of
 * lists are errors or hold what no scalar takes: the same ones at every start with the same data.
 */
export function rememberSources({ faspex, node, faircom, transferd }: Sources): Sources {
  return {
    faspex: createRegistry('faspex', faspex.all.map(remember)),
    node: createRegistry('node', node.all.map(remember)),
    faircom: createRegistry('faircom', faircom.all.map(remember)),
    transferd: createRegistry('transferd', transferd.all.map(remember)),
  };
}
