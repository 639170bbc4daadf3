import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import type { FaspexPackage, FaspexRecipient, FaspexRecipientChoice } from '../../sources/faspex/types.ts';
import type { TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { AmbiguousRecipientError, answering, InvalidInputError } from '../errors.ts';

type Optional<T> = T | null | undefined;

export interface RecipientChoiceInput {
  readonly userId?: Optional<string>;
  readonly groupId?: Optional<string>;
}

export interface ReceivePackageInput {
  readonly source?: Optional<string>;
  readonly packageId: string;
  readonly paths?: Optional<readonly string[]>;
  readonly as?: Optional<RecipientChoiceInput>;
}

const isGroup = ({ recipientType }: FaspexRecipient) =>
  recipientType === 'WORKGROUP' || recipientType === 'SHARED_INBOX';

const isUser = ({ recipientType }: FaspexRecipient) => recipientType === 'USER' || recipientType === 'EXTERNAL_USER';

function readChoice(choice: RecipientChoiceInput): FaspexRecipientChoice {
  if (choice.userId != null) return { recipientUserId: choice.userId };
  if (choice.groupId != null) return { recipientWorkgroupId: choice.groupId };
  throw new InvalidInputError('`as` names neither a user nor a group.', { code: 'BAD_INPUT' });
}

/** In whose name a package is received, and from which side of it. */
export interface ReceivingSide {
  readonly direction: 'RECEIVED' | 'SENT';
  readonly recipient: FaspexRecipientChoice | undefined;
}

/**
 * Recent servers demand to know in whose name a package is received, and refuse a wrong answer (aspera-apps-api.md
 * §5.5, part E 10 and 11). The viewer's own name comes first, then the one group that fits; several are ambiguous.
 */
export async function receivingSide(faspex: BoundFaspex, pkg: FaspexPackage): Promise<ReceivingSide> {
  const { userId } = await faspex.loaders.account();
  const recipients = [...pkg.recipients, ...pkg.privateRecipients];
  if (recipients.some((recipient) => isUser(recipient) && recipient.recipientId === userId)) {
    return { direction: 'RECEIVED', recipient: { recipientUserId: userId } };
  }
  const groups = recipients.filter((recipient) => isGroup(recipient) && recipient.recipientId !== undefined);
  const [only] = groups;
  if (only?.recipientId !== undefined && groups.length === 1) {
    return { direction: 'RECEIVED', recipient: { recipientWorkgroupId: only.recipientId } };
  }
  if (pkg.sender?.userId === userId) return { direction: 'SENT', recipient: undefined };
  const candidates = groups.map(({ name, recipientId, recipientType, email }) => ({
    name: name ?? recipientId ?? '',
    recipientType,
    email,
  }));
  throw new AmbiguousRecipientError(pkg.title, candidates, faspex.source.name);
}

/** Gives the spec with which a package, or some of its files, is downloaded. Two more calls find out in whose name. */
export const receivePackage = answering(
  async (input: ReceivePackageInput, context: OperationContext): Promise<{ readonly spec: TransferSpec }> => {
    const faspex = context.faspex(input.source);
    const side: ReceivingSide = input.as
      ? { direction: 'RECEIVED', recipient: readChoice(input.as) }
      : await receivingSide(faspex, await faspex.loaders.package.load(input.packageId));
    const spec = await faspex.client.downloadSpec(input.packageId, { ...side, paths: input.paths ?? undefined });
    return { spec };
  },
);
