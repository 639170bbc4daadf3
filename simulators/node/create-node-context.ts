import { randomBytes, randomUUID } from 'node:crypto';
import { createClock, type MovableClock } from '../kit/clock.ts';
import { createAccessKeys, randomText } from './access-keys.ts';
import type { NodeContext } from './node-context.ts';
import { createPublicKeys } from './public-keys.ts';
import type { KeyPair } from './tokens/key-pair.ts';

export interface NodeContextOptions {
  readonly name: string;
  readonly docroot: string;
  readonly username?: string;
  readonly password?: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly clock?: MovableClock;
}

/** File id of the first access key's storage root. */
const ROOT_FILE_ID = '1';
/** aspera.conf `activity_retention` of a real server, in hours. */
const RETENTION_HOURS = 36;

function createFirstAccessKey(options: NodeContextOptions, keys: KeyPair) {
  const accessKeys = createAccessKeys();
  accessKeys.put({
    id: options.accessKeyId ?? randomText(15),
    secret: options.accessKeySecret ?? randomText(24),
    rootFileId: ROOT_FILE_ID,
    root: options.docroot,
    parentId: undefined,
    get tokenVerificationKey() {
      return keys.publicKey;
    },
    storage: { type: 'local', path: options.docroot },
    license: undefined,
    configuration: { transfer: {}, server: { activity_event_logging: true } },
  });
  return accessKeys;
}

/** The state of a new node: its identity, its users, its settings as a real server has them by default. */
export function createNodeContext(
  options: NodeContextOptions,
  keys: KeyPair,
  addresses: Pick<NodeContext, 'origin' | 'sshPort'>,
): Omit<NodeContext, 'fileIds' | 'fileLevels'> & { readonly clock: MovableClock } {
  return {
    ...addresses,
    name: options.name,
    docroot: options.docroot,
    clusterId: randomUUID(),
    username: options.username ?? `node_${options.name}`,
    password: options.password ?? randomText(18),
    transferUser: 'xfer',
    tokenKey: randomBytes(32),
    clock: options.clock ?? createClock(),
    accessKeys: createFirstAccessKey(options, keys),
    publicKeys: createPublicKeys(),
    settings: {
      nodeId: randomUUID(),
      tokenEpoch: 0,
      isActivityLogged: true,
      retentionHours: RETENTION_HOURS,
      maxRunning: Number.POSITIVE_INFINITY,
      emptyAnswers: 0,
      duplicatePages: 0,
      gluedAnswers: 0,
    },
  };
}
