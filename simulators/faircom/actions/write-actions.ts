import { dbAction, placeParameters, type SessionAction } from './action.ts';
import { deleteRecords, truncateRecords } from './delete-records.ts';
import { insertRecords } from './insert-records.ts';
import { updateRecords } from './update-records.ts';

const rowOptions = [...placeParameters, 'dataFormat', 'fieldNames', 'binaryFormat', 'variantFormat'];
const rows = ['tableName', 'sourceData'];

/** Writing records (faircom-netography-api.md §A9). */
export const writeActions: readonly SessionAction[] = [
  dbAction('insertRecords', { required: rows, optional: rowOptions }, insertRecords),
  dbAction(
    'updateRecords',
    { required: rows, optional: [...rowOptions, 'ignoreChangeIdProtection', 'fixedLengthCharFormat'] },
    updateRecords,
  ),
  dbAction(
    'deleteRecords',
    { required: ['tableName'], optional: [...placeParameters, 'ids', 'primaryKeys'] },
    deleteRecords,
  ),
  dbAction('truncateRecords', { required: ['tableName'], optional: ['databaseName', 'ownerName'] }, truncateRecords),
];
