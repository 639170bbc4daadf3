import type { FairComAutoValue, FairComField, FairComFieldType } from './types.ts';
import type { WireField } from './wire.ts';

const fieldTypes: ReadonlySet<string> = new Set<FairComFieldType>([
  'BIT',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'REAL',
  'FLOAT',
  'NUMBER',
  'MONEY',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'CHAR',
  'VARCHAR',
  'LVARCHAR',
  'BINARY',
  'VARBINARY',
  'LVARBINARY',
  'JSON',
]);

const isFieldType = (word: string): word is FairComFieldType => fieldTypes.has(word);

const autoValues: Readonly<Record<string, FairComAutoValue>> = {
  none: 'NONE',
  incrementoninsert: 'INCREMENT_ON_INSERT',
  timestamponinsert: 'TIMESTAMP_ON_INSERT',
  timestamponupdate: 'TIMESTAMP_ON_UPDATE',
  timestamponupdateandinsert: 'TIMESTAMP_ON_UPDATE_AND_INSERT',
  changeid: 'CHANGE_ID',
};

/** A field of a description or of a result (faircom-netography-api.md §A6); type names have no case (§A8). */
export function toField(wire: WireField): FairComField {
  const word = wire.type.toUpperCase();
  return {
    name: wire.name,
    type: isFieldType(word) ? word : 'OTHER',
    vendorType: wire.type.toLowerCase(),
    length: wire.length,
    scale: wire.scale,
    defaultValue: wire.defaultValue ?? null,
    nullable: wire.nullable ?? true,
    primaryKeyPosition: wire.primaryKey ?? 0,
    autoValue: autoValues[(wire.autoValue ?? 'none').toLowerCase()] ?? 'OTHER',
  };
}
