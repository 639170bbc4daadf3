/** What SQLite holds in a column. */
export type SqlValue = null | bigint | number | string | Uint8Array;

export type FieldKind =
  | 'bit'
  | 'integer'
  | 'float'
  | 'decimal'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'text'
  | 'binary'
  | 'json';

interface FieldTypeTraits {
  readonly kind: FieldKind;
  /** SQLite's declared type; decimals have none, so that SQLite never converts them. */
  readonly column: '' | 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB';
  /** Whether every value takes the same room; one variable field makes the table variable-length (§A8). */
  readonly isFixed: boolean;
  /** Bounds of an integer type. */
  readonly range?: readonly [low: bigint, high: bigint];
  /** Length when the definition names none; types without it have a length of null. */
  readonly defaultLength?: number;
  readonly maxLength?: number;
  /** Scale when the definition names none. */
  readonly defaultScale?: number;
}

const integer = (bits: bigint): FieldTypeTraits => ({
  kind: 'integer',
  column: 'INTEGER',
  isFixed: true,
  range: [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n],
});

const sized = (kind: 'text' | 'binary' | 'json', isFixed: boolean, defaultLength: number, maxLength = 65_500) => ({
  kind,
  column: kind === 'binary' ? ('BLOB' as const) : ('TEXT' as const),
  isFixed,
  defaultLength,
  maxLength,
});

const MAX_LONG = 2_147_483_647;
const temporal = (kind: 'date' | 'time' | 'timestamp') => ({ kind, column: 'TEXT' as const, isFixed: true });
const decimal = (defaultScale: number): FieldTypeTraits => ({
  kind: 'decimal',
  column: '',
  isFixed: true,
  defaultLength: 32,
  maxLength: 32,
  defaultScale,
});

/** The field types of the JSON DB API (faircom-netography-api.md §A8). */
const types = {
  bit: { kind: 'bit', column: 'INTEGER', isFixed: true },
  tinyint: integer(8n),
  smallint: integer(16n),
  integer: integer(32n),
  bigint: integer(64n),
  real: { kind: 'float', column: 'REAL', isFixed: true },
  float: { kind: 'float', column: 'REAL', isFixed: true },
  number: decimal(0),
  money: decimal(2),
  date: temporal('date'),
  time: temporal('time'),
  timestamp: temporal('timestamp'),
  char: sized('text', true, 1),
  varchar: sized('text', false, 65_500),
  lvarchar: sized('text', false, MAX_LONG, MAX_LONG),
  binary: sized('binary', true, 1),
  varbinary: sized('binary', false, 65_500),
  lvarbinary: sized('binary', false, MAX_LONG, MAX_LONG),
  json: sized('json', false, 65_500),
} satisfies Record<string, FieldTypeTraits>;

export type FieldType = keyof typeof types;

export const fieldTypes: Readonly<Record<FieldType, FieldTypeTraits>> = types;

export const isFieldType = (name: string): name is FieldType => Object.hasOwn(types, name);

export const autoValues = [
  'none',
  'incrementOnInsert',
  'timestampOnInsert',
  'timestampOnUpdate',
  'timestampOnUpdateAndInsert',
  'changeId',
] as const;

export type AutoValue = (typeof autoValues)[number];

/** A field as descriptions and results show it (§A6, §A7). */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly length: number | null;
  readonly scale: number | null;
  readonly defaultValue: unknown;
  readonly nullable: boolean;
  /** 0, or the 1-based place in the primary key. */
  readonly primaryKey: number;
  readonly autoValue: AutoValue;
}

export const kindOf = (field: Pick<Field, 'type'>): FieldKind => fieldTypes[field.type].kind;

/** A field of a result that no table stores, e.g. of listDatabases (§A6). */
export function plainField(name: string, type: FieldType, length: number | null = null): Field {
  return { name, type, length, scale: null, defaultValue: null, nullable: false, primaryKey: 0, autoValue: 'none' };
}
