import { FairComError } from '../errors.ts';
import { compileFilter } from '../filter/compile-filter.ts';
import type { JsonObject } from '../wire/exact-json.ts';
import { checkParameters, objectList, optionalBoolean, optionalText, requireText } from '../wire/parameters.ts';
import { plainIndexField } from './index-key.ts';
import { checkName, type IndexField, requireField, sameName, type Table, type TableIndex } from './table.ts';

const fieldOptions = ['caseInsensitive', 'sortDescending', 'reverseCompare'];
const MAX_INDEXED_FIELDS = 500;

function readIndexField(table: Table, definition: JsonObject): IndexField {
  checkParameters(definition, { required: ['name'], optional: fieldOptions });
  return {
    name: requireField(table, requireText(definition, 'name')).name,
    caseInsensitive: optionalBoolean(definition, 'caseInsensitive') ?? false,
    reverseCompare: optionalBoolean(definition, 'reverseCompare') ?? false,
    sortDescending: optionalBoolean(definition, 'sortDescending') ?? false,
  };
}

type IndexOwner = Pick<Table, 'ownerName' | 'tableName' | 'indexes'>;

/** An index with the settings that the vendor gives one that names none (faircom-netography-api.md §A7). */
export function plainIndex(table: IndexOwner, indexName: string, fields: readonly IndexField[]): TableIndex {
  return {
    indexName,
    indexNumber: Math.max(-1, ...table.indexes.map(({ indexNumber }) => indexNumber)) + 1,
    unique: false,
    fields,
    conditionalExpression: null,
    immutableKeys: false,
    deferIndexing: false,
    collectStats: false,
    compression: 'off',
    filename: `${table.ownerName}_${table.tableName}.idx`,
  };
}

export function primaryKeyIndex(table: IndexOwner, fieldNames: readonly string[]): TableIndex {
  const indexName = fieldNames.length === 1 ? `${fieldNames[0]}_pk` : 'pk';
  return { ...plainIndex(table, indexName, fieldNames.map(plainIndexField)), unique: true };
}

function checkIndex(table: Table, indexName: string, fields: readonly IndexField[]): void {
  checkName(indexName, 'index');
  if (table.indexes.some((index) => sameName(index.indexName, indexName))) {
    throw new FairComError('nameTaken', `Table "${table.tableName}" already has an index "${indexName}".`);
  }
  const indexed = table.indexes.reduce((sum, index) => sum + index.fields.length, fields.length);
  if (fields.length === 0 || indexed > MAX_INDEXED_FIELDS) {
    throw new FairComError('definitionRefused', `Index "${indexName}" has no field, or the table has too many.`);
  }
}

/** Reads the parameters of createIndex. */
export function readIndex(table: Table, parameters: JsonObject): TableIndex {
  const indexName = requireText(parameters, 'indexName');
  const fields = objectList(parameters, 'fields').map((definition) => readIndexField(table, definition));
  checkIndex(table, indexName, fields);
  const conditionalExpression = optionalText(parameters, 'conditionalExpression') || null;
  if (conditionalExpression) compileFilter(table, conditionalExpression);
  const plain = plainIndex(table, indexName, fields);
  return {
    ...plain,
    unique: optionalBoolean(parameters, 'unique') ?? plain.unique,
    conditionalExpression,
    immutableKeys: optionalBoolean(parameters, 'immutableKeys') ?? plain.immutableKeys,
    deferIndexing: optionalBoolean(parameters, 'deferIndexing') ?? plain.deferIndexing,
    collectStats: optionalBoolean(parameters, 'collectStats') ?? plain.collectStats,
    compression: optionalText(parameters, 'compression') ?? plain.compression,
    filename: optionalText(parameters, 'filename') ?? plain.filename,
  };
}
