import type { FaspexAccount } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { needs } from '../scope.ts';

/** Who Faspex takes the viewer for. */
export const account = builder.objectRef<FaspexAccount>('FaspexAccount').implement({
  description: 'Who Faspex takes you for, and what it lets you do.',
  ...needs('faspex.read'),
  fields: (t) => ({
    userId: t.exposeString('userId', { description: 'Id of the user.' }),
    name: t.exposeString('name', { description: 'Username, often the e-mail address.' }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name; null when there is none.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name; null when there is none.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null when there is none.' }),
    role: t.exposeString('role', {
      nullable: true,
      description: '`admin`, `manager` or `user`, in the word of the server; null when not told.',
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      nullable: true,
      description: '`active`, `locked` or otherwise, in the word of the server; null when not told.',
    }),
    lastLoginAt: t.expose('lastLoginAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When you last signed in; null when not told.',
    }),
    encryptionAtRest: t.exposeString('encryptionAtRest', {
      nullable: true,
      description: '`required`, `optional` or `none`: whether packages must be stored encrypted; null when not told.',
    }),
    uploadsAllowed: t.exposeBoolean('uploadsAllowed', {
      nullable: true,
      description: 'Whether you may send packages; null when not told.',
    }),
    forwardsAllowed: t.exposeBoolean('forwardsAllowed', {
      nullable: true,
      description: 'Whether you may forward packages; null when not told.',
    }),
    sendsToEmailAllowed: t.exposeBoolean('sendsToEmailAllowed', {
      nullable: true,
      description: 'Whether you may send to e-mail addresses that have no account; null when not told.',
    }),
    managesSharedInboxes: t.exposeBoolean('managesSharedInboxes', {
      nullable: true,
      description: 'Whether you administer shared inboxes; null when not told.',
    }),
    managesWorkgroups: t.exposeBoolean('managesWorkgroups', {
      nullable: true,
      description: 'Whether you administer workgroups; null when not told.',
    }),
    httpGatewayUrl: t.exposeString('gatewayUrl', {
      nullable: true,
      description: 'Address of the HTTP Gateway, by which browsers transfer without a client; null when there is none.',
    }),
  }),
});
