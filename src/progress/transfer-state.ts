import { createHash } from 'node:crypto';
import type { NodeTransfer } from '../sources/node/types.ts';
import { marksIn, marksOf } from './transfer-marks.ts';

/** Nothing more happens to a transfer after one of these (aspera-node-api.md §5.3). */
export const isTerminal = ({ status }: Pick<NodeTransfer, 'status'>): boolean =>
  status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELED';

/**
 * What of a transfer an event shows, which is also what the log keeps, and the log may leave the process: ids, numbers,
 * states, paths and the title. Spec, tags, cookie and files go: they are what makes a transfer large and what may hold more than a
 * reader of events needs. Of the tags the marks stay, by which is judged for each subscriber whose a transfer is before
 * an event is handed out, live or replayed, and by which its package and its counterpart are found.
 * Live and replayed events have the same shape; whoever needs more asks the node for the one transfer.
 */
export function toLogged(transfer: NodeTransfer): NodeTransfer {
  const { transferKey, cookie } = transfer;
  return {
    ...transfer,
    tags: {},
    marks: marksIn(marksOf(transfer)),
    spec: {},
    files: [],
    cookie: undefined,
    transferKey: transferKey === cookie ? undefined : transferKey,
  };
}

/** Members that differ between two looks at one state: clocks, and what lists of transfers and logs leave out. */
const unsteady: ReadonlySet<string> = new Set<keyof NodeTransfer>([
  'elapsedMs',
  'averageRateKbps',
  'progress',
  'spec',
  'tags',
  'marks',
  'files',
  'cookie',
  'transferKey',
]);

/** The same for two looks at a transfer between which nothing about it has changed. */
export function stateOf(transfer: NodeTransfer): string {
  const text = JSON.stringify(transfer, (key, value: unknown) => (unsteady.has(key) ? undefined : value));
  return createHash('sha1').update(text).digest('base64url');
}

/** What cannot change without a change in the feed. Rates and the like may: they are of the moment. */
export const factsOf = ({ status, bytesTransferred, filesCompleted, sessions }: NodeTransfer): string =>
  JSON.stringify([status, bytesTransferred, filesCompleted, sessions.length]);
