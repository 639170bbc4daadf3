import type { SQLInputValue } from 'node:sqlite';
import { createRandom, type Random } from '../../kit/random.ts';
import { type Fields, fieldsOf } from '../fields.ts';
import { startSpecOf } from './start-spec.ts';
import type { SessionRecord, TransferRecord, TransferStatus } from './transfer-record.ts';
import { DEFAULT_RATE_KBPS } from './transfer-spec.ts';

/** Seeded history is spread over less than the usual retention of 36 hours, so that none falls out at once. */
const SPREAD_MS = 35 * 3_600_000;
const folders = ['/projects/rushes', '/dailies', '/masters', '/archive/2026', '/delivery'];

const statusOf = (seed: number): TransferStatus =>
  seed % 20 === 0 ? 'failed' : seed % 33 === 0 ? 'canceled' : 'completed';

const hex = (value: number, digits: number) => (value >>> 0).toString(16).padStart(8, '0').slice(0, digits);

/** A UUID that belongs to a change number; neighbours start alike, which keeps a million of them quick to index. */
function seedId(change: number): string {
  const mixed = Math.imul(change ^ 0x9e3779b9, 0x85ebca6b);
  const more = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return `${hex(change, 8)}-${hex(mixed, 4)}-4${hex(more, 3)}-a${hex(mixed >>> 7, 3)}-${hex(more, 8)}${hex(mixed, 4)}`;
}

/** Where the seeded past goes: before this change and this time, on a clock that now shows `nowMs`. */
export interface SeedPlace {
  readonly change: number;
  readonly endMs: number;
  readonly nowMs: number;
}

/** The rows of `count` past transfers, in the order of their changes. */
export function* seedRows(count: number, { change: before, endMs, nowMs }: SeedPlace): Generator<SQLInputValue[]> {
  // Half of the time that is left, so that a further seeding finds room before this one.
  const stepMs = Math.max(0, endMs - (nowMs - SPREAD_MS)) / (2 * Math.max(count, 1));
  for (let back = count; back >= 1; back -= 1) {
    const change = before - back;
    const id = seedId(change);
    const changedMs = Math.floor(endMs - back * stepMs);
    const direction = change % 3 === 0 ? 'receive' : 'send';
    const tags = `{"aspera":{"xfer_id":"${id}"}}`;
    yield [id, change, changedMs, 'client', statusOf(change), 0, 1, direction, null, null, null, tags, change, null];
  }
}

interface SeedRow {
  readonly id: string;
  readonly changed_ms: number;
  readonly status: TransferStatus;
  readonly direction: 'send' | 'receive';
  readonly tags: string;
  readonly seed: number;
}

const noError = { errorCode: 0, errorDescription: '' };
const errors: Partial<Record<TransferStatus, typeof noError>> = {
  failed: { errorCode: 16, errorDescription: 'Connection lost' },
  canceled: { errorCode: 28, errorDescription: 'Canceled by user' },
};

function seededSession(row: SeedRow, random: Random): SessionRecord {
  const endUsec = row.changed_ms * 1000;
  const bytes = random.integer(1_000_000, 40_000_000_000);
  const isDone = row.status === 'completed';
  return {
    id: seedId(row.seed ^ 0x5e551011),
    clientNodeId: seedId(1),
    serverNodeId: seedId(2 + (row.seed % 5)),
    clientAddress: '10.0.0.5',
    serverAddress: '10.0.0.9',
    retryTimeoutSeconds: 0,
    retryCount: 0,
    startUsec: endUsec - Math.floor(bytes / random.integer(2, 60)),
    status: isDone ? 'completed' : 'failed',
    endUsec,
    bytesTransferred: isDone ? bytes : Math.floor(bytes / 3),
    filesStarted: 1,
    filesCompleted: Number(isDone),
    filesSkipped: 0,
    filesFailed: Number(!isDone),
    directoriesCompleted: 0,
    targetRateKbps: DEFAULT_RATE_KBPS,
    minRateKbps: 0,
    calcRateKbps: 0,
    ...(errors[row.status] ?? noError),
    precalculation: { bytes, files: 1, directories: 0, special: 0, failed: 0 },
  };
}

function seededStartSpec(row: SeedRow, random: Random): Fields {
  const folder = random.pick(folders);
  const spec = {
    direction: row.direction,
    remote_host: '10.0.0.9',
    destination_root: folder,
    tags: fieldsOf(JSON.parse(row.tags)),
  };
  return startSpecOf(spec, [`${folder}/clip-${random.integer(1, 9999)}.mov`], {
    endpoint: 'client',
    tokenType: 'auth_token',
    clientAccessKey: undefined,
    clientUser: undefined,
    serverAccessKey: undefined,
    serverUser: undefined,
    clusterId: '',
  });
}

/** A past transfer as its row describes it; the rest follows from the row's seed, so that a million of them stay small. */
export function fromSeed(stored: Readonly<Record<string, unknown>>): TransferRecord {
  const row = stored as unknown as SeedRow;
  const random = createRandom(row.seed ^ 0x5eed);
  const session = seededSession(row, random);
  return {
    id: row.id,
    endpoint: 'client',
    direction: row.direction,
    title: undefined,
    accessKeyId: undefined,
    userId: undefined,
    tags: fieldsOf(JSON.parse(row.tags)),
    startSpec: seededStartSpec(row, random),
    isPrecalculated: true,
    createdUsec: session.startUsec,
    status: row.status,
    sessions: [session],
    endUsec: session.endUsec,
    errorCode: session.errorCode,
    errorDescription: session.errorDescription,
  };
}
