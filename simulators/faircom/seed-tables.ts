import type { Random } from '../kit/random.ts';
import type { JsonObject } from './wire/exact-json.ts';

export interface SeedTable {
  readonly tableName: string;
  readonly primaryKeyFields?: readonly string[];
  readonly fields: readonly JsonObject[];
  /** Parameters of createIndex. */
  readonly indexes: readonly JsonObject[];
  readonly recordCount: number;
  readonly record: (random: Random, number: number) => JsonObject;
}

const DAY_MS = 86_400_000;
/** Everything happened in the year before this moment, at every start. */
const NOW_MS = Date.UTC(2026, 0, 5, 9);

const titles = [
  'Nordlicht',
  'Überseehafen',
  'Café de l’Été',
  '東京の朝',
  'Ночной поезд',
  'São João',
  'Harbour',
  'שלום',
];
const kinds = ['Trailer', 'Feature', 'Dailies', 'Master', 'Subtitle set', 'Mix 5.1', 'Poster', 'Teaser'];
const cities = ['London', 'Tokyo', 'München', 'Zürich', 'Québec', 'Łódź', '서울', 'Buenos Aires'];
const states = ['queued', 'sending', 'delivered', 'delivered', 'delivered', 'failed'];
const mediaTypes = ['video/mxf', 'video/quicktime', 'audio/wav', 'image/tiff', 'text/vtt'];
const people = ['ada', 'björn', 'chloé', 'daisuke', 'elif', 'фёдор', 'grace', 'hán'];

const WORD_BYTES = 4;
const hex = (random: Random, bytes: number) =>
  Array.from({ length: bytes / WORD_BYTES }, () => random.integer(0, 0xffffffff).toString(16).padStart(8, '0')).join(
    '',
  );

const timeOf = (random: Random) => new Date(NOW_MS - random.integer(0, 365 * DAY_MS)).toISOString().slice(0, 23);

/** Every tenth shipment is larger than a JavaScript number can count: 2^53 is about 9.0 × 10^15. */
function bytesOf(random: Random, number: number): string {
  const large = 9_007_199_254_740_993n + BigInt(random.integer(0, 1_000_000_000)) * 1_000_003n;
  return number % 10 === 0 ? String(large) : String(random.integer(1_000, 900_000_000_000));
}

const titleOf = (random: Random, number: number) => `${random.pick(titles)} ${random.pick(kinds)} ${number}`;

const shipment: SeedTable = {
  tableName: 'shipment',
  fields: [
    { name: 'code', type: 'varchar', length: 40, nullable: false },
    { name: 'title', type: 'varchar', length: 200 },
    { name: 'destination', type: 'varchar', length: 80 },
    { name: 'state', type: 'varchar', length: 16, nullable: false },
    { name: 'bytes', type: 'bigint' },
    { name: 'rate', type: 'number', length: 12, scale: 4 },
    { name: 'sent', type: 'timestamp' },
    { name: 'ok', type: 'bit' },
    { name: 'meta', type: 'json' },
    { name: 'digest', type: 'varbinary', length: 64 },
  ],
  indexes: [
    { indexName: 'shipment_code', fields: [{ name: 'code' }], unique: true },
    { indexName: 'shipment_state_sent', fields: [{ name: 'state' }, { name: 'sent', sortDescending: true }] },
    { indexName: 'shipment_bytes', fields: [{ name: 'bytes' }] },
  ],
  recordCount: 6_000,
  record: (random, number) => {
    const state = random.pick(states);
    const isDone = state === 'delivered' || state === 'failed';
    return {
      code: `S-${String(number).padStart(6, '0')}`,
      title: titleOf(random, number),
      destination: random.pick(cities),
      state,
      bytes: bytesOf(random, number),
      rate: `${random.integer(1, 9_999)}.${String(random.integer(0, 9_999)).padStart(4, '0')}`,
      sent: state === 'queued' ? null : timeOf(random),
      ok: isDone ? state === 'delivered' : null,
      meta: random.integer(0, 3) === 0 ? null : { priority: random.integer(1, 5), by: random.pick(people) },
      digest: isDone ? hex(random, 32) : null,
    };
  },
};

const asset: SeedTable = {
  tableName: 'asset',
  fields: [
    { name: 'name', type: 'varchar', length: 200, nullable: false },
    { name: 'path', type: 'varchar', length: 400, nullable: false },
    { name: 'mediaType', type: 'varchar', length: 40 },
    { name: 'bytes', type: 'bigint', nullable: false },
    { name: 'seconds', type: 'number', length: 10, scale: 3 },
    { name: 'frameRate', type: 'real' },
    { name: 'recorded', type: 'date' },
    { name: 'checksum', type: 'binary', length: 16 },
    { name: 'notes', type: 'lvarchar' },
  ],
  indexes: [
    { indexName: 'asset_name', fields: [{ name: 'name', caseInsensitive: true }] },
    { indexName: 'asset_recorded', fields: [{ name: 'recorded' }] },
  ],
  recordCount: 2_500,
  record: (random, number) => ({
    name: titleOf(random, number),
    path: `/${random.pick(cities)}/${random.pick(kinds)}/${random.uuid()}`,
    mediaType: random.pick(mediaTypes),
    bytes: bytesOf(random, number),
    seconds: `${random.integer(1, 20_000)}.${String(random.integer(0, 999)).padStart(3, '0')}`,
    frameRate: random.pick([23.976, 24, 25, 29.97, 50]),
    recorded: timeOf(random).slice(0, 10),
    checksum: hex(random, 16),
    notes: random.integer(0, 2) === 0 ? `Checked by ${random.pick(people)} – ${random.pick(titles)}` : null,
  }),
};

const deliveryReceipt: SeedTable = {
  tableName: 'delivery_receipt',
  primaryKeyFields: ['receiptNumber'],
  fields: [
    { name: 'receiptNumber', type: 'varchar', length: 16, nullable: false },
    { name: 'shipmentId', type: 'bigint', nullable: false },
    { name: 'recipient', type: 'varchar', length: 80 },
    { name: 'delivered', type: 'timestamp', nullable: false },
    { name: 'windowStart', type: 'time' },
    { name: 'cost', type: 'money', length: 12, scale: 2 },
    { name: 'attempts', type: 'tinyint' },
    { name: 'confirmed', type: 'bit', nullable: false },
  ],
  indexes: [
    { indexName: 'receipt_shipment', fields: [{ name: 'shipmentId' }] },
    { indexName: 'receipt_delivered', fields: [{ name: 'delivered' }] },
    { indexName: 'receipt_open', fields: [{ name: 'delivered' }], conditionalExpression: 'confirmed == 0' },
  ],
  recordCount: 1_500,
  record: (random, number) => ({
    receiptNumber: `R-${String(number).padStart(8, '0')}`,
    shipmentId: random.integer(1, 6_000),
    recipient: random.integer(0, 9) === 0 ? null : random.pick(people),
    delivered: timeOf(random),
    windowStart: random.integer(0, 1) === 0 ? null : `${String(random.integer(0, 23)).padStart(2, '0')}:30:00`,
    cost: `${random.integer(0, 5_000)}.${String(random.integer(0, 99)).padStart(2, '0')}`,
    attempts: random.integer(1, 5),
    confirmed: random.integer(0, 4) > 0,
  }),
};

/** 10,000 records in three tables. */
export const seedTables: readonly SeedTable[] = [shipment, asset, deliveryReceipt];
