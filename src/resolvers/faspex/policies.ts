import type { FaspexExpirationPolicy, FaspexReleasePolicy } from '../../sources/faspex/types.ts';
import { InvalidInputError } from '../errors.ts';

type Optional<T> = T | null | undefined;

export interface PolicyInput {
  readonly releasePolicy?: Optional<FaspexReleasePolicy>;
  readonly releaseAt?: Optional<Date>;
  readonly expirationPolicy?: Optional<FaspexExpirationPolicy>;
  /** null removes the date that a package has. */
  readonly expiresAt?: Optional<Date>;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

function readRelease({ releasePolicy, releaseAt }: PolicyInput) {
  const policy = releasePolicy ?? (releaseAt == null ? undefined : 'ON_DATE');
  if (policy === 'ON_DATE' && releaseAt == null) throw invalid('The release policy ON_DATE needs `releaseAt`.');
  if (policy !== 'ON_DATE' && releaseAt != null) {
    throw invalid(`\`releaseAt\` goes with the release policy ON_DATE, not with ${policy}.`);
  }
  return { releasePolicy: policy, releaseAt: releaseAt ?? undefined };
}

const BY_DATE = 'DELETE_AFTER_EXPIRATION_DATE';

function readExpiration({ expirationPolicy, expiresAt }: PolicyInput) {
  if (expiresAt === null && expirationPolicy == null) return { expirationPolicy: 'NONE', expiresAt } as const;
  const policy = expirationPolicy ?? (expiresAt == null ? undefined : BY_DATE);
  if (policy === BY_DATE && expiresAt == null) throw invalid(`The expiration policy ${BY_DATE} needs \`expiresAt\`.`);
  if (policy !== BY_DATE && expiresAt != null) {
    throw invalid(`\`expiresAt\` goes with the expiration policy ${BY_DATE}, not with ${policy}.`);
  }
  return { expirationPolicy: policy, expiresAt };
}

/**
 * When a package is released and when its files are deleted. A date alone says that it is by that date.
 * @throws InvalidInputError where policy and date do not go together
 */
export const readPolicies = (input: PolicyInput) => ({ ...readRelease(input), ...readExpiration(input) });
