import type { Action } from './action.ts';
import { cursorActions } from './cursor-actions.ts';
import { databaseActions } from './database-actions.ts';
import { indexActions } from './index-actions.ts';
import { readActions } from './read-actions.ts';
import { sessionActions } from './session-actions.ts';
import { sqlActions } from './sql-actions.ts';
import { tableActions } from './table-actions.ts';
import { transactionActions } from './transaction-actions.ts';
import { writeActions } from './write-actions.ts';

/** Every action that this server knows. */
export const actions: readonly Action[] = [
  ...sessionActions,
  ...databaseActions,
  ...tableActions,
  ...indexActions,
  ...writeActions,
  ...readActions,
  ...cursorActions,
  ...sqlActions,
  ...transactionActions,
];
