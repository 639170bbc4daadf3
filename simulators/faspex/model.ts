/** What the simulator stores; all of it in memory. Times are milliseconds since 1970. */

export type Role = 'admin' | 'manager' | 'user';
export type AccountType = 'local_user' | 'saml_user' | 'self_registered_user' | 'external_user';
export type ThreeWay = 'yes' | 'no' | 'default';

export interface Preferences {
  public_key: string | null;
  rows_per_page: number;
  locale: string;
  show_only_completed_packages: boolean;
  connect_disabled: boolean;
  public_url_enabled: boolean;
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly role: Role;
  readonly type: AccountType;
  readonly active: boolean;
  readonly createdAt: number;
  lastLoginAt: number | undefined;
  readonly canSendNormalPackages: ThreeWay;
  readonly sendsToAllUsers: boolean;
  readonly sendsToExternal: boolean;
  readonly uploadsAllowed: boolean;
  readonly forwardingAllowed: boolean;
  readonly createsFromRemote: boolean;
  readonly preferences: Preferences;
}

export type GroupKind = 'shared_inbox' | 'workgroup';
export type Access = 'submit_only' | 'standard' | 'shared_inbox_admin' | 'workgroup_admin';

export interface Member {
  readonly id: string;
  readonly userId: string;
  readonly access: Access;
  readonly since: number;
}

/** A shared inbox or a workgroup. Both live in one table with one id sequence, as error 1502 (“not a shared inbox”) implies. */
export interface Group {
  readonly id: string;
  readonly kind: GroupKind;
  readonly name: string;
  readonly instructions: string;
  readonly profileId: string | undefined;
  readonly encryption: 'no' | 'optional' | 'yes' | 'server';
  readonly members: Map<string, Member>;
}

export interface DistributionList {
  readonly id: string;
  readonly name: string;
  readonly type: 'global' | 'personal';
  readonly ownerId: string | undefined;
  readonly contactIds: readonly string[];
}

export interface ProfileField {
  readonly id: string;
  readonly name: string;
  readonly type: 'text_field' | 'text_area' | 'option_list' | 'date_field' | 'text_block';
  readonly required: boolean;
  readonly maxLength?: number;
  readonly choices?: readonly string[];
  readonly dateFormat?: string;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly titleMaxLength: number;
  readonly titleIllegalCharacters: readonly string[];
  readonly noteMaxLength: number;
  readonly fields: readonly ProfileField[];
  readonly createdAt: number;
}

/** A folder on the storage node that users may send from. */
export interface SharedFolder {
  readonly id: string;
  readonly nodeId: string;
  readonly name: string;
  readonly directory: string;
  readonly readPermission: 'private' | 'public';
  readonly isDefaultInbox: boolean;
}
