import { AscpError, isRetryable } from '../ascp-error.ts';
import { type Fields, fieldsOf, listOf, textOf, valueAt, wholeOf } from '../fields.ts';
import type { NodeContext } from '../node-context.ts';
import type { Hello } from '../protocol/message.ts';
import { createRateLimiter } from '../protocol/rate-limiter.ts';
import type { ServedSession, SessionGrant, SessionServerOptions } from '../protocol/session-server.ts';
import { type Journal, newTransferId, type OpenRecord } from './journal.ts';
import { startSpecOf } from './start-spec.ts';
import type { TransferRecord, TransferStatus } from './transfer-record.ts';

/** The serving side's records: one per `tags.aspera.xfer_id`, with a session for each connection. */
export interface ServedSessions {
  readonly open: SessionServerOptions['open'];
  /** Breaks the sessions of a served transfer; false when it has none. */
  break(id: string, failure: AscpError): boolean;
  /** Ends the transfers whose retry window has closed. */
  expire(): void;
}

interface Served {
  readonly open: OpenRecord;
  readonly controllers: Set<AbortController>;
  retryUntilMs: number;
}

interface ServingState {
  readonly node: NodeContext;
  readonly journal: Journal;
  readonly served: Map<string, Served>;
}

type Addresses = Parameters<SessionServerOptions['open']>[2];

const xferIdIn = (hello: Hello) => textOf(valueAt(hello.tags, 'aspera', 'xfer_id'));
const retryWindowMs = (hello: Hello) => (wholeOf(valueAt(hello.tags, 'aspera', 'xfer_retry')) ?? 0) * 1000;

/** What the record shows of the transfer: the spec that the client sent along, and what the hello says itself. */
function startSpecOfHello(state: ServingState, hello: Hello, grant: SessionGrant): Fields {
  const { direction, tags, cookie, spec } = hello;
  const named = listOf(spec.paths).map((path) => textOf(fieldsOf(path).source) ?? '');
  const sources = direction === 'receive' ? hello.sources.map(({ path }) => path) : named;
  const rates = { target_rate_kbps: hello.targetRateKbps, min_rate_kbps: hello.minRateKbps };
  const shown = { ...spec, ...rates, direction, tags, cookie, destination_root: hello.destinationRoot };
  return startSpecOf(shown, sources, {
    endpoint: 'server',
    tokenType: grant.tokenType,
    clientAccessKey: undefined,
    clientUser: undefined,
    serverAccessKey: grant.accessKeyId,
    serverUser: grant.userId,
    clusterId: state.node.clusterId,
  });
}

function newRecord(state: ServingState, hello: Hello, grant: SessionGrant): TransferRecord {
  return {
    id: newTransferId(),
    endpoint: 'server',
    direction: hello.direction,
    title: textOf(hello.spec.title),
    accessKeyId: grant.accessKeyId,
    userId: grant.userId,
    tags: fieldsOf(hello.tags),
    startSpec: startSpecOfHello(state, hello, grant),
    isPrecalculated: hello.precalculate,
    createdUsec: state.journal.nowUsec(),
    status: 'running',
    sessions: [],
    endUsec: null,
    errorCode: 0,
    errorDescription: '',
  };
}

const isContinued = (record: TransferRecord, hello: Hello, grant: SessionGrant) =>
  record.direction === hello.direction &&
  record.accessKeyId === grant.accessKeyId &&
  record.status !== 'completed' &&
  record.status !== 'canceled';

/** A further session of a transfer that is known already, told by its xfer_id (aspera-node-api.md §5.3, §7.1). */
function continued(state: ServingState, hello: Hello, grant: SessionGrant): Served | undefined {
  const xferId = xferIdIn(hello);
  const known = xferId === undefined ? undefined : state.journal.store.findByXferId(xferId, 'server');
  if (!known || !isContinued(known, hello, grant)) return undefined;
  const served = state.served.get(known.id);
  if (served) return served;
  return { open: state.journal.open({ ...known }), controllers: new Set(), retryUntilMs: 0 };
}

function statusAfter(
  state: ServingState,
  served: Served,
  hello: Hello,
  failure: AscpError | undefined,
): TransferStatus {
  if (failure === undefined) return 'completed';
  if (failure.outcome !== 'failed') return failure.outcome;
  const windowMs = retryWindowMs(hello);
  if (windowMs === 0 || !isRetryable(failure)) return 'failed';
  served.retryUntilMs = state.node.clock.now() + windowMs;
  return 'partially_completed';
}

function conclude(state: ServingState, served: Served, status: TransferStatus, failure: AscpError | undefined): void {
  const { record } = served.open;
  record.status = status;
  record.errorCode = failure?.code ?? 0;
  record.errorDescription = failure?.message ?? '';
  const isOver = status !== 'partially_completed' && status !== 'paused';
  record.endUsec = isOver ? state.journal.nowUsec() : null;
  if (isOver) {
    state.served.delete(record.id);
    state.journal.close(served.open);
  } else {
    state.journal.publish(served.open);
  }
}

function openSession(state: ServingState, hello: Hello, grant: SessionGrant, addresses: Addresses): ServedSession {
  const { node, journal } = state;
  const served = continued(state, hello, grant) ?? {
    open: journal.open(newRecord(state, hello, grant)),
    controllers: new Set(),
    retryUntilMs: 0,
  };
  const { record } = served.open;
  state.served.set(record.id, served);
  const controller = new AbortController();
  served.controllers.add(controller);
  const session = journal.startSession(served.open, {
    id: hello.sessionId,
    clientNodeId: hello.clientNodeId,
    serverNodeId: node.settings.nodeId,
    clientAddress: addresses.remoteAddress,
    serverAddress: addresses.localAddress,
    retryTimeoutSeconds: retryWindowMs(hello) / 1000,
    retryCount: hello.retryCount,
    targetRateKbps: hello.targetRateKbps,
    minRateKbps: hello.minRateKbps,
  });
  record.status = 'running';
  record.endUsec = null;
  journal.publish(served.open);
  const { nodeId } = node.settings;
  const { tokenType, accessKeyId: serverAccessKey, userId: serverUser } = grant;
  return {
    welcome: {
      ...{ type: 'welcome', serverNodeId: nodeId, serverClusterId: node.clusterId, tokenType },
      ...(serverAccessKey === undefined ? {} : { serverAccessKey }),
      ...(serverUser === undefined ? {} : { serverUser }),
    },
    observer: journal.observe(served.open, session),
    limiter: createRateLimiter(hello.targetRateKbps),
    signal: controller.signal,
    finish: (failure) => {
      served.controllers.delete(controller);
      journal.endSession(served.open, session, failure);
      // Of several sessions at once (multi_session) the last one decides.
      if (served.controllers.size > 0) journal.publish(served.open);
      else conclude(state, served, statusAfter(state, served, hello, failure), failure);
    },
  };
}

function expire(state: ServingState): void {
  const now = state.node.clock.now();
  for (const served of state.served.values()) {
    const { record } = served.open;
    if (record.status !== 'partially_completed' || now < served.retryUntilMs) continue;
    conclude(state, served, 'failed', new AscpError(record.errorCode, record.errorDescription));
  }
}

export function createServedSessions(node: NodeContext, journal: Journal): ServedSessions {
  const state: ServingState = { node, journal, served: new Map() };
  return {
    open: (hello, grant, addresses) => openSession(state, hello, grant, addresses),
    break: (id, failure) => {
      const controllers = state.served.get(id)?.controllers ?? new Set();
      for (const controller of controllers) controller.abort(failure);
      return controllers.size > 0;
    },
    expire: () => expire(state),
  };
}
