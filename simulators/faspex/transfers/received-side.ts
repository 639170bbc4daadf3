import { refusal } from '../errors.ts';
import type { Delivery, Package } from '../package.ts';
import { deliveriesTo, isSender, noAccess, type Sight } from '../packages/access.ts';

const positiveInteger = /^[1-9]\d*$/;

function readId(query: URLSearchParams, name: string, code: number): string | undefined {
  const id = query.get(name);
  if (id === null) return undefined;
  if (!positiveInteger.test(id)) throw refusal(400, code, `${name} must be a positive integer.`);
  return id;
}

/**
 * Recent servers refuse whoever does not name a recipient (aspera-apps-api.md part E, 10). Which id a person with
 * several ways to a package must pass is not known, and ascli passes the first recipient's whoever that is: so any
 * recipient of the package is good.
 */
function checkNamedRecipient(query: URLSearchParams, deliveries: readonly Delivery[]): void {
  const userId = readId(query, 'recipient_user_id', 1235);
  const groupId = readId(query, 'recipient_workgroup_id', 1236);
  if (userId === undefined && groupId === undefined) throw refusal(403, 2088, 'Not authorized.');
  const isNamed = ({ kind, id }: Delivery) => id === (kind === 'user' ? userId : groupId);
  if (deliveries.some(isNamed)) return;
  if (userId !== undefined) throw refusal(400, 1235, 'recipient_user_id is no recipient of the package.');
  throw refusal(400, 1236, 'recipient_workgroup_id is no recipient of the package.');
}

/** Which side of a package is asked for, and whether the user is on it. */
export function checkSide(sight: Sight, pkg: Package, side: 'sent' | 'received', query: URLSearchParams): void {
  if (side === 'sent') {
    // ascli adds a recipient id here too; it says nothing.
    if (!isSender(sight, pkg) && sight.user.role !== 'admin') throw noAccess();
    return;
  }
  if (deliveriesTo(sight, pkg).length === 0) throw noAccess();
  checkNamedRecipient(query, pkg.deliveries);
}
