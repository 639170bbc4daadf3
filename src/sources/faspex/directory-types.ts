/** The caller's own account at Faspex. */
export interface FaspexAccount {
  readonly userId: string;
  /** Username; often the e-mail address. */
  readonly name: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly email: string | undefined;
  /** `admin`, `manager` or `user`, in the vendor's words. */
  readonly role: string | undefined;
  /** `local_user`, `saml_user`, `self_registered_user` or `external_user`, in the vendor's words. */
  readonly vendorType: string | undefined;
  /** `active`, `inactive`, `locked`, …, in the vendor's words. */
  readonly vendorStatus: string | undefined;
  readonly lastLoginAt: string | undefined;
  readonly uploadsAllowed: boolean | undefined;
  readonly forwardsAllowed: boolean | undefined;
  /** `required`, `optional` or `none`: whether packages must be stored encrypted. */
  readonly encryptionAtRest: string | undefined;
  /** Whether packages may go to e-mail addresses that have no account. */
  readonly sendsToEmailAllowed: boolean | undefined;
  readonly managesSharedInboxes: boolean | undefined;
  readonly managesWorkgroups: boolean | undefined;
  /** Address of the HTTP Gateway for browsers, where there is one. */
  readonly gatewayUrl: string | undefined;
}

/** Kinds of contacts; `OTHER` is one that this gateway does not know. */
export type FaspexContactType = 'USER' | 'EXTERNAL_USER' | 'WORKGROUP' | 'SHARED_INBOX' | 'DISTRIBUTION_LIST' | 'OTHER';

/** Someone, or a group, that the caller can send to. */
export interface FaspexContact {
  readonly contactId: string;
  readonly contactType: FaspexContactType;
  /** Name to send to: username, e-mail address, or the name of the group. */
  readonly name: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly email: string | undefined;
  /** Metadata form that packages to this inbox need. */
  readonly metadataProfileId: string | undefined;
  /** `no`, `optional`, `yes` or `server`: whether packages to it must be stored encrypted. */
  readonly encryptionAtRest: string | undefined;
  /** What the inbox tells those who send to it. */
  readonly instructions: string | undefined;
}

/** A shared inbox or a workgroup: a recipient that several people read. */
export interface FaspexGroup {
  readonly groupId: string;
  readonly name: string;
  readonly instructions: string | undefined;
  /** Whether the caller administers it. */
  readonly managed: boolean | undefined;
  /** Metadata form that packages to this inbox need; workgroups have none. */
  readonly metadataProfileId: string | undefined;
  readonly encryptionAtRest: string | undefined;
  /** Address of its public submission page, where it has one. */
  readonly publicUrl: string | undefined;
}

/** A member of a shared inbox or workgroup. */
export interface FaspexMember {
  readonly memberId: string;
  readonly userId: string | undefined;
  readonly name: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly email: string | undefined;
  /** `submit_only`, `standard`, `shared_inbox_admin` or `workgroup_admin`, in the vendor's words. */
  readonly access: string | undefined;
  readonly vendorStatus: string | undefined;
  readonly memberSince: string | undefined;
  readonly expiresAt: string | undefined;
}

/** One field of a metadata form. */
export interface FaspexMetadataField {
  readonly fieldId: string | undefined;
  readonly name: string;
  /** `text_field`, `text_area`, `option_list`, `date_field` or `text_block`, in the vendor's words. */
  readonly vendorType: string | undefined;
  readonly required: boolean;
  readonly defaultValue: string | undefined;
  readonly choices: readonly string[];
  readonly maxLength: number | undefined;
  readonly dateFormat: string | undefined;
}

/** A form that senders fill in. */
export interface FaspexMetadataProfile {
  readonly profileId: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly fields: readonly FaspexMetadataField[];
  readonly titleMaxLength: number | undefined;
  readonly noteMaxLength: number | undefined;
  readonly noteEnabled: boolean | undefined;
}

/** A folder on one of the server's nodes from which packages can be sent without an upload. */
export interface FaspexSharedFolder {
  readonly sharedFolderId: string;
  /** Faspex's id of the node that holds it. */
  readonly nodeId: string | undefined;
  readonly name: string;
  /** `private`, `public` or `limited`, in the vendor's words. */
  readonly readPermission: string | undefined;
}

/** A transfer between nodes that Faspex runs by itself. */
export interface FaspexRemoteTransfer {
  readonly transferId: string | undefined;
  readonly vendorStatus: string | undefined;
  readonly transferredBytes: number | undefined;
  /** From 0 to 1. */
  readonly progress: number | undefined;
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
}
