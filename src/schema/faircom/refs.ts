import type { FairComRecordNode } from '../../resolvers/faircom/record.ts';
import type { FairComTableNode } from '../../resolvers/faircom/table.ts';
import { builder } from '../builder.ts';

/** Tables hold records, and records know their table: both are named here and described in files of their own. */
export const tableRef = builder.objectRef<FairComTableNode>('FairComTable');
export const recordRef = builder.objectRef<FairComRecordNode>('FairComRecord');
