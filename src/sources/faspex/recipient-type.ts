import type { FaspexRecipientType } from './types.ts';

const recipientTypes: ReadonlyMap<string, FaspexRecipientType> = new Map([
  ['user', 'USER'],
  ['external_user', 'EXTERNAL_USER'],
  ['workgroup', 'WORKGROUP'],
  ['shared_inbox', 'SHARED_INBOX'],
  ['distribution_list', 'DISTRIBUTION_LIST'],
]);

/** The vendor's default is `user`. */
export const recipientType = (word: string | undefined): FaspexRecipientType =>
  word === undefined ? 'USER' : (recipientTypes.get(word) ?? 'OTHER');
