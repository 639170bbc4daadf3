import type { BoundNode, OperationContext } from '../../context/context.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { TransferPlace, TransferRow } from './transfer-order.ts';
import { canSeeTransfer, judgeTransfer, packageTagOf, seesEverything } from './visibility.ts';

/** The rows that a viewer may see, as many as are wanted. */
export interface VisibleRows {
  readonly rows: readonly TransferRow[];
  /** The search stopped before the end, because too many packages would have to be asked for. */
  readonly isCut: boolean;
  /** Where the last row that was looked at is. */
  readonly lookedTo: TransferPlace | undefined;
}

export type TakeVisible = (rows: readonly TransferRow[], wanted: number) => Promise<VisibleRows>;

/** Packages that one page of transfers looks up at most, to find out whether the viewer can read them. */
const MAX_PACKAGES = 25;

/** Chooses the transfers of a node that the viewer may see; what has been found out is not asked for again. */
export function createTakeVisible(context: OperationContext, node: BoundNode): TakeVisible {
  const known = new Map<string, Promise<TransferRow | undefined>>();
  const packages = new Set<string>();

  /** False when the row would need a package more than may be asked for. */
  const mayAsk = ({ item }: TransferRow): boolean => {
    if (item instanceof SourceError || judgeTransfer(context, node, item) !== 'ASK') return true;
    const uuid = packageTagOf(item.tags)?.uuid ?? '';
    if (packages.has(uuid)) return true;
    if (packages.size >= MAX_PACKAGES) return false;
    packages.add(uuid);
    return true;
  };

  const look = async (row: TransferRow): Promise<TransferRow | undefined> => {
    const { item, place } = row;
    // Whose it is cannot be told from what cannot be read.
    if (item instanceof SourceError) return seesEverything(context, node) ? row : undefined;
    try {
      return (await canSeeTransfer(context, node, item)) ? row : undefined;
    } catch (error) {
      if (error instanceof SourceError) return { place, item: error };
      throw error;
    }
  };

  const lookOnce = (row: TransferRow) => {
    const id = row.place.transferId;
    const seen = known.get(id) ?? look(row);
    known.set(id, seen);
    return seen;
  };

  return async (rows, wanted) => {
    const visible: TransferRow[] = [];
    let next = 0;
    let isCut = false;
    while (!isCut && visible.length < wanted && next < rows.length) {
      const few = rows.slice(next, next + wanted);
      const refused = few.findIndex((row) => !mayAsk(row));
      isCut = refused >= 0;
      const asked = isCut ? few.slice(0, refused) : few;
      visible.push(...(await Promise.all(asked.map(lookOnce))).filter((row) => row !== undefined));
      next += asked.length;
    }
    return { rows: visible.slice(0, wanted), isCut, lookedTo: rows[next - 1]?.place };
  };
}
