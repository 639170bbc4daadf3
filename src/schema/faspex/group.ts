import { type FaspexGroupNode, groupMembers, groupPackages } from '../../resolvers/faspex/groups.ts';
import type { FaspexGroupKind, FaspexMember } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageArguments } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';
import { packageConnection } from './package.ts';

const groupType = builder.enumType('FaspexGroupType', {
  description: 'The two kinds of groups that receive packages.',
  values: describedValues<FaspexGroupKind>({
    SHARED_INBOX: 'An inbox that several people share; others may be allowed to submit to it only.',
    WORKGROUP: 'People who all receive what is sent to it.',
  }),
});

const member = builder.objectRef<FaspexMember>('FaspexMember').implement({
  description: 'A member of a shared inbox or workgroup.',
  ...needs('faspex.read'),
  fields: (t) => ({
    memberId: t.exposeString('memberId', { description: 'Id of the membership.' }),
    userId: t.exposeString('userId', { nullable: true, description: 'Id of the user; null where it is left out.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Username, often the e-mail address; null where it is left out.',
    }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name; null where it is left out.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name; null where it is left out.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address; null where it is left out.' }),
    access: t.exposeString('access', {
      nullable: true,
      description:
        '`submit_only` (may send, sees nothing), `standard`, `shared_inbox_admin` or `workgroup_admin`, in the word of ' +
        'the server; null when not told.',
    }),
    vendorStatus: t.exposeString('vendorStatus', {
      nullable: true,
      description: '`active` or otherwise, in the word of the server; null when not told.',
    }),
    memberSince: t.expose('memberSince', {
      type: 'DateTime',
      nullable: true,
      description: 'When they became a member; null when not told.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the membership ends; null when it does not.',
    }),
  }),
});

const memberConnection = connectionOf<FaspexMember>('FaspexMember', member, 'members of a group');

const group = builder.objectRef<FaspexGroupNode>('FaspexGroup').implement({
  description: 'A shared inbox or a workgroup: a recipient that several people read.',
  ...needs('faspex.read'),
  fields: (t) => ({
    groupId: t.exposeString('groupId', {
      description: 'Id that the server gave to it; filters of packages and `receivePackage(as:)` take it.',
    }),
    groupType: t.expose('groupType', { type: groupType, description: 'Which of the two it is.' }),
    name: t.exposeString('name', { description: 'Name to send to.' }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'What it tells those who send to it; null when there is nothing.',
    }),
    managed: t.exposeBoolean('managed', {
      nullable: true,
      description: 'Whether you administer it; null when not told.',
    }),
    metadataProfileId: t.exposeString('metadataProfileId', {
      nullable: true,
      description:
        'Form that must be filled in to send to it: `metadataProfile` shows it. Null where the default one holds.',
    }),
    encryptionAtRest: t.exposeString('encryptionAtRest', {
      nullable: true,
      description:
        '`yes`, `optional`, `no` or `server` (as the server is set): whether packages to it must be stored encrypted. ' +
        'Null for workgroups.',
    }),
    publicUrl: t.exposeString('publicUrl', {
      nullable: true,
      description: 'Address of the page where anybody can submit to it; null when it has none.',
    }),
    members: t.field({
      type: memberConnection,
      nullable: true,
      description: 'Who belongs to it. One upstream call a page, for each group.',
      args: pageArguments,
      resolve: (value, args, context) => groupMembers(value, args, context),
    }),
    packages: t.field({
      type: packageConnection,
      nullable: true,
      description:
        'What it has received. Who may only submit to it is refused. One upstream call a page, for each group.',
      args: {
        ...pageArguments,
        search: t.arg.string({ description: 'Text in title, recipients, senders or note.' }),
        vendorStatus: t.arg.string({ description: 'A status in the word of the server, e.g. `completed`.' }),
        includeArchived: t.arg.boolean({
          defaultValue: false,
          description: 'Whether those that you have moved to your history are listed, too.',
        }),
      },
      resolve: (value, args, context) => groupPackages(value, args, context),
    }),
  }),
});

export const groupConnection = connectionOf<FaspexGroupNode>('FaspexGroup', group, 'groups');
