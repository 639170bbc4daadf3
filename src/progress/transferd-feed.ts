import type { TransferdSource } from '../sources/transferd/source.ts';
import type { SeenTransfer, TransferdTransfer } from '../sources/transferd/types.ts';
import { SourceError } from '../transport/source-error.ts';
import type { UpstreamIdentity } from '../transport/upstream.ts';
import type { PollResult } from './topic.ts';
import { isTerminal } from './transfer-state.ts';
import { transferdStateOf } from './transferd-state.ts';
import type { Watched } from './watchers.ts';

/** The stream of events while it is open. */
interface Stream {
  readonly aborter: AbortController;
  /** What ended it; undefined while it goes on. */
  ended: { readonly error: unknown } | undefined;
}

interface State {
  readonly source: TransferdSource;
  readonly identity: UpstreamIdentity;
  stream: Stream | undefined;
  /** A stream was open before: what happened since its end is not known. */
  wasOpen: boolean;
  /** What was pushed since the last poll, newest state of each. */
  readonly pushed: Map<string, SeenTransfer>;
  /** When something was last heard of each watched transfer, in milliseconds on a clock that nobody sets. */
  readonly heardAtMs: Map<string, number>;
  wake: (() => void) | undefined;
}

function hear(state: State, seen: SeenTransfer): void {
  const { transferId } = seen.transfer;
  state.pushed.set(transferId, seen);
  if (state.heardAtMs.has(transferId)) state.heardAtMs.set(transferId, performance.now());
  state.wake?.();
}

async function listen(state: State, stream: Stream, leave: () => void): Promise<void> {
  const { source, identity } = state;
  const { signal } = stream.aborter;
  try {
    for await (const seen of source.open({ identity, signal }).monitor()) hear(state, seen);
    const message = `${source.name} ended its stream of events.`;
    stream.ended = { error: new SourceError('SOURCE_UNREACHABLE', message, { source: source.name }) };
  } catch (error) {
    stream.ended = { error };
  }
  leave();
  state.wake?.();
}

function closeStream(state: State): void {
  state.stream?.aborter.abort();
  state.stream = undefined;
  state.pushed.clear();
  state.heardAtMs.clear();
}

/** The stream ends with the last who watches, also between two polls. */
function openStream(state: State, signal: AbortSignal): Stream {
  const stream: Stream = { aborter: new AbortController(), ended: undefined };
  const close = () => closeIfOpen(state, stream);
  signal.addEventListener('abort', close, { once: true });
  state.stream = stream;
  void listen(state, stream, () => signal.removeEventListener('abort', close));
  return stream;
}

function closeIfOpen(state: State, stream: Stream): void {
  if (state.stream === stream) closeStream(state);
}

interface Findings {
  readonly found: readonly TransferdTransfer[];
  readonly lost: NonNullable<PollResult<TransferdTransfer>['lost']>;
}

/**
 * Asks the daemon once for each of these. The answers are of now, not of a question that somebody asked before the
 * stream was open. One that it does not have is lost; any other failure ends the attempt.
 */
async function look(state: State, ids: readonly string[], signal: AbortSignal): Promise<Findings> {
  const { source, identity, heardAtMs } = state;
  const client = source.open({ identity, signal });
  const results = await Promise.allSettled(ids.map((id) => client.transferNow(id)));
  const found: TransferdTransfer[] = [];
  const lost: { id: string; error: unknown }[] = [];
  for (const [index, result] of results.entries()) {
    const id = ids[index] ?? '';
    heardAtMs.set(id, performance.now());
    if (result.status === 'fulfilled') found.push(result.value.transfer);
    else if (result.reason instanceof SourceError && result.reason.code === 'NOT_FOUND') {
      lost.push({ id, error: result.reason });
    } else throw result.reason;
  }
  for (const { id } of lost) source.seen.lose(id);
  return { found, lost };
}

/** What is not as it was known before. */
async function lookForNews(state: State, ids: readonly string[], signal: AbortSignal): Promise<Findings> {
  const known = new Map(ids.map((id) => [id, state.source.seen.get(id)?.transfer]));
  const { found, lost } = await look(state, ids, signal);
  const isNews = (transfer: TransferdTransfer) => {
    const before = known.get(transfer.transferId);
    return before === undefined || transferdStateOf(before) !== transferdStateOf(transfer);
  };
  return { found: found.filter(isNews), lost };
}

/**
 * Opens the stream, and asks for what is watched: whatever happened before the stream was open is in the answers. After
 * a break all answers are told, as the first events after a gap.
 */
async function connect(state: State, watched: Watched, signal: AbortSignal): Promise<PollResult<TransferdTransfer>> {
  const startsAnew = state.wasOpen;
  const stream = openStream(state, signal);
  const ids = [...watched.ids()];
  try {
    const { found, lost } = await (startsAnew ? look : lookForNews)(state, ids, signal);
    if (stream.ended) throw stream.ended.error;
    state.wasOpen = true;
    return { changes: found, lost, startsAnew, busy: true };
  } catch (error) {
    closeIfOpen(state, stream);
    throw error;
  }
}

/** Resolves when something was pushed, the stream has ended, or nothing has happened for so long. */
function pause(state: State, milliseconds: number, signal: AbortSignal): Promise<void> {
  const isOver = () => state.pushed.size > 0 || state.stream?.ended !== undefined || signal.aborted;
  if (isOver()) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      state.wake = undefined;
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
    state.wake = finish;
  });
}

/** Silence counts from when somebody began to watch. */
function followWatched({ heardAtMs }: State, watched: Watched): void {
  for (const id of heardAtMs.keys()) if (!watched.has(id)) heardAtMs.delete(id);
  for (const id of watched.ids()) if (!heardAtMs.has(id)) heardAtMs.set(id, performance.now());
}

/** Transfers that are watched, go on, and have not been heard of for so long: the daemon, or the line to it, may be dead. */
function silent({ source, heardAtMs }: State, watched: Watched): readonly string[] {
  const before = performance.now() - source.config.silenceMs;
  return [...watched.ids()].filter((id) => {
    const known = source.seen.get(id)?.transfer;
    return (known === undefined || !isTerminal(known)) && (heardAtMs.get(id) ?? 0) <= before;
  });
}

function takePushed(state: State): readonly TransferdTransfer[] {
  const changes = [...state.pushed.values()].map(({ transfer }) => transfer);
  state.pushed.clear();
  return changes;
}

async function poll(state: State, signal: AbortSignal, watched: Watched): Promise<PollResult<TransferdTransfer>> {
  if (!state.stream) return connect(state, watched, signal);
  followWatched(state, watched);
  await pause(state, state.source.config.silenceMs, signal);
  const changes = takePushed(state);
  const quiet = { startsAnew: false, busy: true };
  if (changes.length > 0 || signal.aborted) return { ...quiet, changes };
  const { ended } = state.stream ?? {};
  if (ended) {
    closeStream(state);
    throw ended.error;
  }
  try {
    const { found, lost } = await lookForNews(state, silent(state, watched), signal);
    return { ...quiet, changes: found, lost };
  } catch (error) {
    // The line is not what it seems to be: the next poll opens another one.
    closeStream(state);
    throw error;
  }
}

/**
 * The events of a daemon as a topic wants them. It pushes, so that a poll is a wait: it ends as soon as something was
 * pushed. One stream for each topic, whoever watches; when it breaks, the topic's own backoff says when it is opened
 * again, and then each watched transfer is asked for once.
 */
export function createTransferdFeed(source: TransferdSource, identity: UpstreamIdentity) {
  const state: State = {
    ...{ source, identity, stream: undefined, wasOpen: false },
    ...{ pushed: new Map(), heardAtMs: new Map(), wake: undefined },
  };
  return (signal: AbortSignal, watched: Watched) => poll(state, signal, watched);
}
