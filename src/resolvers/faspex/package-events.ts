import type { OperationContext } from '../../context/context.ts';
import type { FaspexEvent } from '../../sources/faspex/types.ts';
import type { Connection, PageArguments } from '../connection.ts';
import { listByOffset } from './list-by-offset.ts';
import type { FaspexPackageNode } from './package.ts';

/** A page of the audit trail of a package. One upstream call for each package. */
export function packageEvents(
  { packageId, sourceName }: FaspexPackageNode,
  args: PageArguments,
  context: OperationContext,
): Promise<Connection<FaspexEvent>> {
  const { client, identity } = context.faspex(sourceName);
  return listByOffset({
    binding: ['faspex.packageEvents', sourceName, identity.key, packageId],
    args,
    read: (part) => client.applicationEvents(packageId, part),
    idOf: ({ eventId }) => eventId,
    toNode: (event) => event,
  });
}
