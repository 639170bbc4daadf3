import type { JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { transferdRequest, transferdSpec } from '../../transfer-spec/transferd-request.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../transport/upstream.ts';
import { isError, parseAnswer, refusal, unknownTransfer, wordsOf } from './errors.ts';
import { readStarted, readTransfer } from './read-transfer.ts';
import type {
  SeenTransfer,
  SeenTransfers,
  SpecCheck,
  TransferdChange,
  TransferdInfo,
  TransferdTransfer,
} from './types.ts';
import { apiVersions, instance, modified, peerCheck, started, stopped, transfer, validation } from './wire.ts';

/** One daemon for one call. */
export interface TransferdConnection {
  readonly source: string;
  readonly seen: SeenTransfers;
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  stream(request: UpstreamRequest): AsyncGenerator<unknown>;
}

/** The functions of one daemon. What they learn of a transfer is noted among the seen ones. */
export interface TransferdClient {
  info(): Promise<TransferdInfo>;
  /** Versions of the interface that the daemon speaks. */
  apiVersions(): Promise<readonly string[]>;
  /** Whether the daemon would take this spec; nothing is started. */
  validate(spec: JsonObject): Promise<SpecCheck>;
  /** Whether the daemon reaches the server of this spec. */
  isPeerReachable(spec: JsonObject): Promise<boolean>;
  /** Runs a transfer with the files of the daemon's machine. `spec` is a transfer spec v1. */
  startTransfer(spec: JsonObject): Promise<SeenTransfer>;
  /** @throws SourceError NOT_FOUND when the daemon has it not, or no longer */
  transfer(transferId: string): Promise<SeenTransfer>;
  /** The same, asked anew: it joins no question that is on its way, and is not asked again. */
  transferNow(transferId: string): Promise<SeenTransfer>;
  changeTransfer(transferId: string, change: TransferdChange): Promise<void>;
  /** Ends a transfer for good. */
  stopTransfer(transferId: string): Promise<void>;
  /** Everything that happens to any transfer of the daemon, as it pushes it. */
  monitor(): AsyncGenerator<SeenTransfer>;
}

const requestOf = (name: string, json: object, repeat: UpstreamRequest['repeat']): UpstreamRequest => ({
  operation: `transferd.${name}`,
  method: 'POST',
  path: `/${name}`,
  json,
  repeat,
});

async function readInfo({ source, send }: TransferdConnection): Promise<TransferdInfo> {
  const { body } = await send(requestOf('GetInfo', {}, 'safe'));
  const { apiVersion, info, error } = parseAnswer(source, 'about a daemon', instance, body);
  if (isError(error)) throw refusal(source, 'SOURCE_UNAVAILABLE', 'cannot tell about itself', error);
  const [ascp] = info?.asperaInfo ?? [];
  return {
    apiVersion,
    ascpVersion: ascp?.asperaVersion,
    operatingSystem: ascp?.operatingSystem,
    licenseMaxRate: info?.licenseInfo?.maxRate,
    problem: isError(ascp?.error) ? wordsOf(ascp.error) : undefined,
  };
}

async function startTransfer({ source, send }: TransferdConnection, spec: JsonObject): Promise<TransferdTransfer> {
  const { body } = await send(requestOf('StartTransfer', transferdRequest(spec), 'never'));
  const answer = parseAnswer(source, 'about a started transfer', started, body);
  // A refusal has status FAILED and its reason in `error` (§8).
  if (answer.transferId === '' || isError(answer.error)) {
    throw refusal(source, 'BAD_INPUT', 'did not start the transfer', answer.error);
  }
  return readStarted(answer, spec);
}

async function queryTransfer(
  { source, send }: TransferdConnection,
  transferId: string,
  repeat: UpstreamRequest['repeat'],
): Promise<TransferdTransfer> {
  const { body } = await send(requestOf('QueryTransfer', { transferId }, repeat));
  const answer = parseAnswer(source, 'a transfer', transfer, body);
  // How the daemon says that it has no such transfer is not documented: it knows no state of it then (§8).
  if (answer.status === 'UNKNOWN_STATUS' && !answer.transferInfo) throw unknownTransfer(source, transferId);
  return readTransfer({ ...answer, transferId });
}

async function changeTransfer(connection: TransferdConnection, transferId: string, change: TransferdChange) {
  const { source, send } = connection;
  const members = {
    target_rate_kbps: change.targetRateKbps,
    min_rate_kbps: change.minRateKbps,
    rate_policy: change.ratePolicy?.toLowerCase(),
  };
  const request = { transferId, transferSpec: JSON.stringify(members) };
  const { body } = await send(requestOf('ModifyTransfer', request, 'never'));
  const { error } = parseAnswer(source, 'about a changed transfer', modified, body);
  if (isError(error)) throw refusal(source, 'CONFLICT', 'did not change the transfer', error);
}

async function stopTransfer({ source, send }: TransferdConnection, transferId: string): Promise<void> {
  const { body } = await send(requestOf('StopTransfer', { transferId: [transferId] }, 'never'));
  const { stopResult } = parseAnswer(source, 'about a stopped transfer', stopped, body);
  const result = stopResult.find((one) => one.transferId === transferId);
  if (!result?.stopped) throw refusal(source, 'CONFLICT', 'did not stop the transfer', result?.error);
}

async function validate({ source, send }: TransferdConnection, spec: JsonObject): Promise<SpecCheck> {
  const request = { transferSpec: JSON.stringify(transferdSpec(spec)), transferType: 'FILE_REGULAR' };
  const { body } = await send(requestOf('Validate', request, 'safe'));
  const { valid, unknownField, error } = parseAnswer(source, 'about a transfer spec', validation, body);
  return { valid, unknownMembers: unknownField, problem: isError(error) ? wordsOf(error) : undefined };
}

async function isPeerReachable({ source, send }: TransferdConnection, spec: JsonObject): Promise<boolean> {
  const request = { transferSpec: JSON.stringify(transferdSpec(spec)) };
  const { body } = await send(requestOf('IsPeerReachable', request, 'safe'));
  const { reachable, error } = parseAnswer(source, 'about a server', peerCheck, body);
  if (!reachable && isError(error)) throw refusal(source, 'BAD_INPUT', 'could not try to reach the server', error);
  return reachable;
}

/** What goes past everybody's filter: the contract does not say what a registration without any gets. */
const everyStatus = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELED', 'PAUSED', 'ORPHANED'];

async function* monitor({ source, seen, stream }: TransferdConnection): AsyncGenerator<SeenTransfer> {
  const registration = { filters: [{ operator: 'OR', transferStatus: everyStatus }] };
  for await (const message of stream(requestOf('MonitorTransfers', registration, 'never'))) {
    const event = parseAnswer(source, 'an event', transfer, message);
    if (event.transferId !== '') yield seen.note(readTransfer(event));
  }
}

export function createTransferdClient(connection: TransferdConnection): TransferdClient {
  const { source, seen, send } = connection;
  return {
    info: () => readInfo(connection),
    apiVersions: async () => {
      const { body } = await send(requestOf('GetAPIVersion', {}, 'safe'));
      return parseAnswer(source, 'a list of versions', apiVersions, body).supportedVersions;
    },
    validate: (spec) => validate(connection, spec),
    isPeerReachable: (spec) => isPeerReachable(connection, spec),
    // Events may overtake the answer.
    startTransfer: (spec) => seen.look(() => startTransfer(connection, spec)),
    transfer: (transferId) => seen.look(() => queryTransfer(connection, transferId, 'safe')),
    transferNow: (transferId) => seen.look(() => queryTransfer(connection, transferId, 'never')),
    changeTransfer: (transferId, change) => changeTransfer(connection, transferId, change),
    stopTransfer: (transferId) => stopTransfer(connection, transferId),
    monitor: () => monitor(connection),
  };
}
