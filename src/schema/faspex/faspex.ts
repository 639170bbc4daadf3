import type { BoundFaspex } from '../../context/context.ts';
import { listContacts } from '../../resolvers/faspex/contacts.ts';
import { listGroups } from '../../resolvers/faspex/groups.ts';
import { type ListPackagesArguments, listPackages } from '../../resolvers/faspex/list-packages.ts';
import { listMetadataProfiles, metadataProfileById } from '../../resolvers/faspex/metadata-profiles.ts';
import { packageById } from '../../resolvers/faspex/package.ts';
import { listSharedFolders } from '../../resolvers/faspex/shared-folders.ts';
import type { FaspexMailbox } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { pageArguments } from '../connection.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';
import { sourceHealth } from '../source.ts';
import { account } from './account.ts';
import { contactConnection } from './contact.ts';
import { groupConnection } from './group.ts';
import { metadataProfile, metadataProfileConnection } from './metadata-profile.ts';
import { faspexPackage, packageConnection } from './package.ts';
import { releasePolicy } from './policy.ts';
import { newRecipientType } from './recipient.ts';
import { sharedFolderConnection } from './shared-folder.ts';

const mailbox = builder.enumType('Mailbox', {
  description: 'Which packages a list holds.',
  values: describedValues<FaspexMailbox>({
    INBOX: 'Sent to you.',
    INBOX_HISTORY: 'Sent to you, and archived by you.',
    INBOX_ALL: 'Sent to you, or to a workgroup or shared inbox of yours.',
    INBOX_ALL_HISTORY: 'The same, archived.',
    OUTBOX: 'Sent by you.',
    OUTBOX_HISTORY: 'Sent by you, and archived by you.',
    PENDING: 'Sent by you, but not available yet.',
    PENDING_HISTORY: 'The same, archived.',
    ALL: 'Everything of yours.',
    GLOBAL: 'Every package of the server; for global administrators.',
    ADMIN: 'Every package of the server, as administrators list them.',
  }),
});

const packageFilter = builder.inputType('PackageFilterInput', {
  description: 'Narrows a list of packages; every condition must hold.',
  fields: (t) => ({
    search: t.string({ description: 'Text in title, recipients, senders or note.' }),
    vendorStatus: t.string({
      description: 'A status in the word of the server, e.g. `completed` for available packages.',
    }),
    vendorUploadStatus: t.string({
      description: 'A state of the upload alone in the word of the server, e.g. `transferring`.',
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Made at this moment or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Made at this moment or earlier.' }),
    uploadedAfter: t.field({ type: 'DateTime', description: 'Its upload was complete at this moment or later.' }),
    uploadedBefore: t.field({ type: 'DateTime', description: 'Its upload was complete at this moment or earlier.' }),
    changedSince: t.field({ type: 'DateTime', description: 'Changed on this day or later: the server compares days.' }),
    workgroupIds: t.idList({ description: 'Sent to one of these workgroups.' }),
    sharedInboxIds: t.idList({ description: 'Sent to one of these shared inboxes.' }),
    releasePolicy: t.field({ type: releasePolicy, description: 'With this release policy.' }),
    ignoreDeleted: t.boolean({ description: 'Leaves out deleted packages; the server obeys it in the mailbox ADMIN.' }),
  }),
});

const searched = builder.args((t) => ({
  search: t.string({ description: 'Text in the name.' }),
}));

const faspex = builder.objectRef<BoundFaspex>('Faspex').implement({
  description: 'A Faspex 5 server: packages between people.',
  ...needs('faspex.read'),
  fields: (t) => ({
    source: t.string({
      description: 'Name of the source in the configuration of the gateway.',
      resolve: ({ source }) => source.name,
    }),
    health: t.field({
      type: sourceHealth,
      description: 'Whether it answers now. One upstream call.',
      resolve: ({ source }, _args, context) => source.check(context.signal),
    }),
    version: t.string({
      nullable: true,
      description: 'Version of the server. One upstream call.',
      resolve: ({ client }) => client.version(),
    }),
    account: t.field({
      type: account,
      nullable: true,
      description: 'Who Faspex takes you for. One upstream call.',
      resolve: ({ loaders }) => loaders.account(),
    }),
    packages: t.field({
      type: packageConnection,
      nullable: true,
      description:
        'Packages of a mailbox, newest first. One upstream call a page; up to five more when rows have come or gone.',
      args: {
        ...pageArguments,
        mailbox: t.arg({ type: mailbox, defaultValue: 'INBOX_ALL', description: 'Which packages.' }),
        filter: t.arg({ type: packageFilter, description: 'Narrows the list.' }),
      },
      resolve: (bound, args) => listPackages(bound, args as ListPackagesArguments),
    }),
    package: t.field({
      type: faspexPackage,
      nullable: true,
      description: 'One package; null when it is not there or not yours to see.',
      args: { packageId: t.arg.string({ required: true, description: 'Id that the server gave to it.' }) },
      resolve: (bound, { packageId }) => packageById(bound, packageId),
    }),
    contacts: t.field({
      type: contactConnection,
      nullable: true,
      description: 'People and groups that you can send to. One upstream call a page.',
      args: {
        ...pageArguments,
        search: t.arg.string({
          description: 'Text in username, names, e-mail address or profile: parts of words, too.',
        }),
        types: t.arg({ type: [newRecipientType], description: 'Only these kinds; all when left out.' }),
      },
      resolve: (bound, args) => listContacts(bound, args),
    }),
    sharedInboxes: t.field({
      type: groupConnection,
      nullable: true,
      description: 'Shared inboxes that you belong to; administrators see all. One upstream call a page.',
      args: { ...pageArguments, ...searched },
      resolve: (bound, args) => listGroups(bound, 'SHARED_INBOX', args),
    }),
    workgroups: t.field({
      type: groupConnection,
      nullable: true,
      description: 'Workgroups that you belong to; administrators see all. One upstream call a page.',
      args: { ...pageArguments, ...searched },
      resolve: (bound, args) => listGroups(bound, 'WORKGROUP', args),
    }),
    metadataProfiles: t.field({
      type: metadataProfileConnection,
      nullable: true,
      description: 'The forms that senders fill in. One upstream call a page.',
      args: { ...pageArguments, ...searched },
      resolve: (bound, args) => listMetadataProfiles(bound, args),
    }),
    metadataProfile: t.field({
      type: metadataProfile,
      nullable: true,
      description: 'One form; null when it is not there. One upstream call.',
      args: {
        profileId: t.arg.string({
          description: '`metadataProfileId` of a contact or group; the default form of the server when left out.',
        }),
      },
      resolve: (bound, { profileId }) => metadataProfileById(bound, profileId),
    }),
    sharedFolders: t.field({
      type: sharedFolderConnection,
      nullable: true,
      description: 'Folders of the server that you can send from without an upload. One upstream call a page.',
      args: { ...pageArguments, ...searched },
      resolve: (bound, args) => listSharedFolders(bound, args),
    }),
  }),
});

builder.queryField('faspex', (t) =>
  t.field({
    type: faspex,
    nullable: true,
    description: 'A Faspex 5 server.',
    args: { source: t.arg.string({ description: 'Name of the source; may be left out when there is one.' }) },
    resolve: (_root, { source }, context) => context.faspex(source),
  }),
);
