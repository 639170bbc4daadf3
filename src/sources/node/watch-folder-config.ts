import { publicJson } from '../../transfer-spec/public-json.ts';
import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import { compact } from './request-shape.ts';
import type {
  NewWatchFolder,
  WatchFolder,
  WatchFolderChange,
  WatchFolderLogin,
  WatchFolderRemoteLogin,
} from './types.ts';
import type { WireLocation, WireWatchFolder } from './wire/watch-folder.ts';

/** What a watch folder does, between the words of the node and ours (aspera-node-api.md §6). */

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** `30s`, `5m`: undefined for what is no duration, such as `infinite`. */
function secondsOf(duration: string | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * (unitSeconds[unit] ?? 1);
}

const durationOf = (seconds: number | undefined) => (seconds === undefined ? undefined : `${seconds}s`);

const logins: Readonly<Record<string, WatchFolderLogin>> = { NODE_BASIC: 'NODE_API', SSH: 'SSH' };
const loginWords: Readonly<Record<WatchFolderLogin, string>> = { NODE_API: 'NODE_BASIC', SSH: 'SSH' };

function remoteOf(location: WireLocation | null | undefined, transport: WireWatchFolder['transport']) {
  if (location?.host !== undefined) {
    const { host, port, authentication } = location;
    return { host, port, user: authentication?.user, login: logins[authentication?.type ?? ''] };
  }
  return transport?.host === undefined
    ? undefined
    : { host: transport.host, port: undefined, user: transport.user, login: undefined };
}

/** A watch folder as the rest of the gateway knows it. */
export function readWatchFolder(watchFolderId: string, wire: WireWatchFolder, sent: JsonObject): WatchFolder {
  const { source, target } = wire;
  const remote = remoteOf(source?.location ?? target?.location, wire.transport);
  return {
    watchFolderId,
    direction: source?.location ? 'PULL' : remote ? 'PUSH' : undefined,
    sourcePath: source?.path ?? wire.source_dir,
    targetPath: target?.path ?? wire.target_dir,
    remote,
    coolOffSeconds: secondsOf(wire.cool_off),
    snapshotPeriodSeconds: secondsOf(wire.snapshot_creation_period),
    scanPeriodSeconds: secondsOf(wire.watchd?.scan_period),
    config: publicJson(sent),
  };
}

const locationOf = ({ host, port, login, user, password, fingerprint }: WatchFolderRemoteLogin) => ({
  type: 'REMOTE',
  host,
  port,
  authentication: compact({ type: loginWords[login], user, pass: password, fingerprint }),
});

/** What `POST /v3/watchfolders` takes. A scan period must not be missing on real servers. */
export function newConfig(folder: NewWatchFolder): JsonObject {
  const { direction, sourcePath, targetPath, watchFolderId, scanPeriodSeconds } = folder;
  const location = locationOf(folder.remote);
  const isPull = direction === 'PULL';
  return compact({
    id: watchFolderId,
    source: { path: sourcePath, ...(isPull ? { location } : {}) },
    target: { path: targetPath, ...(isPull ? {} : { location }) },
    cool_off: durationOf(folder.coolOffSeconds),
    snapshot_creation_period: durationOf(folder.snapshotPeriodSeconds),
    watchd: { scan_period: durationOf(scanPeriodSeconds) ?? '30m' },
  });
}

const objectAt = (json: JsonObject, name: string): JsonObject => {
  const value = json[name];
  return isJsonObject(value) ? value : {};
};

/** Some servers show stars in the place of a secret; written back they would replace it. */
const isTold = (secret: string | undefined) => secret !== undefined && !/^[*•]+$/.test(secret);

/** Without its secret the other end would refuse the node from now on, and nobody would notice at once. */
function demandSecret(source: string, { authentication }: WireLocation): void {
  if (isTold(authentication?.pass) || isTold(authentication?.keypath)) return;
  const message = `${source} does not tell the password of the other end. Give \`remote\` again, with the password.`;
  throw new SourceError('BAD_INPUT', message, { source });
}

/** What `PUT /v3/watchfolders/{id}` takes: the whole configuration with the changes in it. */
export function changedConfig(
  source: string,
  { json, wire }: { readonly json: JsonObject; readonly wire: WireWatchFolder },
  change: WatchFolderChange,
): JsonObject {
  const remoteSide = wire.source?.location ? 'source' : 'target';
  const kept = wire.source?.location ?? wire.target?.location;
  if (kept && !change.remote) demandSecret(source, kept);
  const location = change.remote ? { location: locationOf(change.remote) } : {};
  const end = (name: 'source' | 'target', path: string | undefined) => ({
    ...objectAt(json, name),
    ...compact({ path }),
    ...(name === remoteSide ? location : {}),
  });
  return {
    ...json,
    source: end('source', change.sourcePath),
    target: end('target', change.targetPath),
    watchd: { ...objectAt(json, 'watchd'), ...compact({ scan_period: durationOf(change.scanPeriodSeconds) }) },
    ...compact({
      cool_off: durationOf(change.coolOffSeconds),
      snapshot_creation_period: durationOf(change.snapshotPeriodSeconds),
    }),
  };
}
