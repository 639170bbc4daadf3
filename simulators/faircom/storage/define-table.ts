import { FairComError } from '../errors.ts';
import type { Field } from '../values/field.ts';
import type { Counters } from './counters.ts';
import { primaryKeyIndex } from './define-index.ts';
import { checkName, sameName, type Table } from './table.ts';

export interface NewTable {
  readonly ownerName: string;
  readonly tableName: string;
  readonly fields: readonly Field[];
  /** The `primaryKey` places of the fields decide when it is empty. */
  readonly primaryKeyFields: readonly string[];
  readonly changeIdField: string | undefined;
  /** Tables of the JSON API get `id` and `changeId`; tables made through SQL do not (faircom-netography-api.md §A7). */
  readonly addsAutomaticFields: boolean;
  readonly settings: Table['settings'];
}

const FIRST_UID = 2001n;
const MAX_FIELDS = 2_500;

const refused = (message: string) => new FairComError('definitionRefused', message);

const automaticField = (name: string, autoValue: Field['autoValue'], nullable: boolean): Field => ({
  name,
  type: 'bigint',
  length: null,
  scale: null,
  defaultValue: null,
  nullable,
  primaryKey: 0,
  autoValue,
});

function primaryKeyOf({ fields, primaryKeyFields, addsAutomaticFields }: NewTable): readonly string[] {
  if (primaryKeyFields.length > 0) {
    return primaryKeyFields.map((name) => {
      const field = fields.find((candidate) => sameName(candidate.name, name));
      if (!field) throw refused(`The primary key field "${name}" is not among the fields.`);
      return field.name;
    });
  }
  const keyed = fields.filter(({ primaryKey }) => primaryKey > 0);
  if (keyed.length === 0) return addsAutomaticFields ? ['id'] : [];
  return keyed.sort((left, right) => left.primaryKey - right.primaryKey).map(({ name }) => name);
}

function changeIdOf({ fields, changeIdField, addsAutomaticFields }: NewTable): string | null {
  const marked = fields.filter(({ autoValue }) => autoValue === 'changeId');
  if (marked.length > 1) throw refused('Only one field can be the change id.');
  if (changeIdField === undefined) return marked[0]?.name ?? (addsAutomaticFields ? 'changeId' : null);
  if (!marked[0] || !sameName(marked[0].name, changeIdField)) {
    throw refused(`"${changeIdField}" is not a bigint field with the autoValue changeId.`);
  }
  return marked[0].name;
}

export function checkFields(fields: readonly Field[]): void {
  if (fields.length === 0 || fields.length > MAX_FIELDS) throw refused(`A table has 1 to ${MAX_FIELDS} fields.`);
  const names = new Set(fields.map(({ name }) => name.toLowerCase()));
  if (names.size !== fields.length) throw refused('Two fields have the same name.');
}

/** The table that createTable makes: automatic fields first, then the given ones, and an index on the primary key. */
export function defineTable(counters: Counters, created: NewTable): Table {
  checkName(created.tableName, 'table');
  checkName(created.ownerName, 'owner');
  checkFields(created.fields);
  const primaryKeyFields = primaryKeyOf(created);
  const changeIdField = changeIdOf(created);
  const has = (name: string) => created.fields.some((field) => sameName(field.name, name));
  const isGivenKey = primaryKeyFields.every(has);
  const isGivenChangeId = changeIdField === null || created.fields.some(({ autoValue }) => autoValue === 'changeId');
  if (!isGivenChangeId && has('changeId')) throw refused('The field "changeId" must have the autoValue changeId.');
  const all = [
    ...(isGivenKey ? [] : [automaticField('id', 'incrementOnInsert', false)]),
    ...(isGivenChangeId ? [] : [automaticField('changeId', 'changeId', true)]),
    ...created.fields,
  ];
  checkFields(all);
  const { ownerName, tableName, settings } = created;
  const named = { ownerName, tableName, indexes: [] };
  return {
    uid: Number(counters.take('table uid', FIRST_UID)),
    ownerName,
    tableName,
    fields: all.map((field) => {
      const primaryKey = primaryKeyFields.indexOf(field.name) + 1;
      return { ...field, primaryKey, nullable: field.nullable && primaryKey === 0 };
    }),
    indexes: primaryKeyFields.length === 0 ? [] : [primaryKeyIndex(named, primaryKeyFields)],
    primaryKeyFields,
    changeIdField,
    settings,
  };
}
