import { itemsIn, list, member, membersOf, requiredText } from '../../reading/members.ts';
import type { Reader } from '../../reading/reader.ts';
import { flag, integer, isValue, text } from './members.ts';
import type { WireField } from './wire.ts';

/**
 * The result of a read, insert, update or delete (faircom-netography-api.md §A9, §A10). Pages of records are what is
 * asked for most, so it is read by hand (docs/performance.md). Members are read in the order of the contract: of several
 * that are wrong the first is named.
 */
export interface RecordsAnswer {
  /** Rows, still to be read: whatever JSON holds. */
  readonly data: readonly unknown[];
  /** Undefined where the answer does not list them. */
  readonly fields: readonly WireField[] | undefined;
  readonly moreRecords: boolean | undefined;
  readonly totalRecordCount: number | undefined;
}

/** A field of a result (§A6); newer SQL results list only name and type. */
const readField: Reader<WireField> = (value) => {
  const field = membersOf(value);
  return {
    name: requiredText(field.name, 'name'),
    type: requiredText(field.type, 'type'),
    length: integer(field.length, 'length'),
    scale: integer(field.scale, 'scale'),
    defaultValue: isValue(field.defaultValue) ? field.defaultValue : undefined,
    nullable: flag(field.nullable, 'nullable'),
    primaryKey: integer(field.primaryKey, 'primaryKey'),
    autoValue: text(field.autoValue, 'autoValue'),
  };
};

export const recordsAnswer: Reader<RecordsAnswer> = (value) => {
  const { data, fields, moreRecords, totalRecordCount } = membersOf(value);
  return {
    data: member(data, 'data', itemsIn),
    fields: fields === undefined || fields === null ? undefined : list(fields, 'fields', readField),
    moreRecords: flag(moreRecords, 'moreRecords'),
    totalRecordCount: integer(totalRecordCount, 'totalRecordCount'),
  };
};
