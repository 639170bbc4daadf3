import { fromSchema } from '../../reading/reader.ts';
import { dateTime } from './date-time.ts';
import { recipientType } from './recipient-type.ts';
import { share } from './share.ts';
import type {
  FaspexAccount,
  FaspexContact,
  FaspexGroup,
  FaspexMember,
  FaspexMetadataProfile,
  FaspexRemoteTransfer,
  FaspexSharedFolder,
} from './types.ts';
import {
  wireAccount,
  wireContact,
  wireGroup,
  wireMember,
  wireMetadataProfile,
  wireRemoteTransfer,
  wireSharedFolder,
} from './wire.ts';

export const readAccount = fromSchema(
  wireAccount,
  (account): FaspexAccount => ({
    userId: account.id,
    name: account.name,
    firstName: account.first_name,
    lastName: account.last_name,
    email: account.email,
    role: account.role,
    vendorType: account.type,
    vendorStatus: account.status,
    lastLoginAt: dateTime(account.last_login_time),
    uploadsAllowed: account.uploads_allowed,
    forwardsAllowed: account.forwards_allowed,
    encryptionAtRest: account.encryption_at_rest,
    sendsToEmailAllowed: account.allow_send_to_email,
    managesSharedInboxes: account.manages_shared_inboxes,
    managesWorkgroups: account.manages_workgroups,
    gatewayUrl: account.gateway_url,
  }),
);

export const readContact = fromSchema(
  wireContact,
  (contact): FaspexContact => ({
    contactId: contact.id,
    contactType: recipientType(contact.type),
    name: contact.name,
    firstName: contact.first_name,
    lastName: contact.last_name,
    email: contact.email,
    metadataProfileId: contact.metadata_profile_id ?? undefined,
    encryptionAtRest: contact.require_encryption_at_rest,
    instructions: contact.submitters_instructions,
  }),
);

export const readGroup = fromSchema(
  wireGroup,
  (group): FaspexGroup => ({
    groupId: group.id,
    name: group.name,
    instructions: group.submitters_instructions,
    managed: group.user_can_manage,
    metadataProfileId: group.metadata_profile_id ?? undefined,
    encryptionAtRest: group.require_encryption_at_rest,
    publicUrl: group.public_url,
  }),
);

export const readMember = fromSchema(
  wireMember,
  (member): FaspexMember => ({
    memberId: member.id,
    userId: member.user_id ?? undefined,
    name: member.name,
    firstName: member.first_name,
    lastName: member.last_name,
    email: member.email,
    access: member.access,
    vendorStatus: member.status,
    memberSince: dateTime(member.member_since),
    expiresAt: dateTime(member.expires),
  }),
);

export const readMetadataProfile = fromSchema(
  wireMetadataProfile,
  (profile): FaspexMetadataProfile => ({
    profileId: profile.id,
    name: profile.name,
    isDefault: profile.default ?? false,
    fields: profile.fields.map((field) => ({
      fieldId: field.id ?? undefined,
      name: field.name,
      vendorType: field.type,
      required: field.require ?? false,
      defaultValue: field.default_value,
      choices: field.choices,
      maxLength: field.max_length,
      dateFormat: field.date_format,
    })),
    titleMaxLength: profile.title?.max_length,
    noteMaxLength: profile.note?.max_length,
    noteEnabled: profile.note?.enabled,
  }),
);

export const readSharedFolder = fromSchema(
  wireSharedFolder,
  (folder): FaspexSharedFolder => ({
    sharedFolderId: folder.id,
    nodeId: folder.node_id ?? undefined,
    name: folder.name,
    readPermission: folder.read_permission,
  }),
);

export const readRemoteTransfer = fromSchema(
  wireRemoteTransfer,
  (transfer): FaspexRemoteTransfer => ({
    transferId: transfer.transfer_id,
    vendorStatus: transfer.status,
    transferredBytes: transfer.bytes_transferred,
    progress: share(transfer.percentage),
    startedAt: dateTime(transfer.start_time),
    endedAt: dateTime(transfer.stop_time),
  }),
);
