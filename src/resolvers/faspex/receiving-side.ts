import type { BoundFaspex } from '../../context/context.ts';
import type {
  FaspexDirection,
  FaspexPackage,
  FaspexRecipient,
  FaspexRecipientChoice,
} from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { AmbiguousRecipientError } from '../errors.ts';

type Optional<T> = T | null | undefined;

export interface RecipientChoiceInput {
  readonly userId?: Optional<string>;
  readonly groupId?: Optional<string>;
}

/** In whose name a package is received, and from which side of it. */
export interface ReceivingSide {
  readonly direction: FaspexDirection;
  readonly recipient: FaspexRecipientChoice | undefined;
}

const isGroup = ({ recipientType }: FaspexRecipient) =>
  recipientType === 'WORKGROUP' || recipientType === 'SHARED_INBOX';

const isUser = ({ recipientType }: FaspexRecipient) => recipientType === 'USER' || recipientType === 'EXTERNAL_USER';

const receivedAs = (recipient: FaspexRecipientChoice): ReceivingSide => ({ direction: 'RECEIVED', recipient });

/** The side that the caller has named; undefined when they leave it to the gateway. */
export function chosenSide(choice: Optional<RecipientChoiceInput>): ReceivingSide | undefined {
  if (choice?.userId != null) return receivedAs({ recipientUserId: choice.userId });
  return choice?.groupId == null ? undefined : receivedAs({ recipientWorkgroupId: choice.groupId });
}

function groupSide({ title }: FaspexPackage, recipients: readonly FaspexRecipient[], source: string): ReceivingSide {
  // Faspex does not merge a recipient that was named twice (aspera-apps-api.md part E, 9).
  const groups = [...new Map(recipients.filter(isGroup).map((group) => [group.recipientId, group])).values()];
  const [only] = groups;
  if (only?.recipientId === undefined) {
    const message = `You are neither the sender of the package "${title}" nor one of its recipients.`;
    throw new SourceError('SOURCE_FORBIDDEN', message, { source });
  }
  if (groups.length === 1) return receivedAs({ recipientWorkgroupId: only.recipientId });
  const candidates = groups.map(({ name, recipientId, recipientType, email }) => ({
    name: name ?? recipientId ?? '',
    recipientId,
    recipientType,
    email,
  }));
  const message = `The package "${title}" went to several groups. Say with \`as\` for which of them you receive it.`;
  throw new AmbiguousRecipientError(message, candidates, source);
}

/**
 * Recent servers demand to know in whose name a package is received, and refuse a wrong answer (aspera-apps-api.md
 * §5.5, part E 10 and 11). The viewer's own name comes first; a sender needs none; then the one group that received it.
 */
export async function receivingSide(
  { loaders, source }: BoundFaspex,
  pkg: FaspexPackage,
  choice?: Optional<RecipientChoiceInput>,
): Promise<ReceivingSide> {
  const chosen = chosenSide(choice);
  if (chosen) return chosen;
  const { userId } = await loaders.account();
  const recipients = [...pkg.recipients, ...pkg.privateRecipients].filter(
    ({ recipientId }) => recipientId !== undefined,
  );
  if (recipients.some((recipient) => isUser(recipient) && recipient.recipientId === userId)) {
    return receivedAs({ recipientUserId: userId });
  }
  if (pkg.sender?.userId === userId) return { direction: 'SENT', recipient: undefined };
  return groupSide(pkg, recipients, source.name);
}
