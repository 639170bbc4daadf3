import { stamp } from '../dates.ts';
import type { User } from '../model.ts';

/** Outsiders are known by their address alone; their names are left out, not empty. */
const givenNames = ({ firstName, lastName }: User) => ({
  ...(firstName === '' ? {} : { first_name: firstName }),
  ...(lastName === '' ? {} : { last_name: lastName }),
});

/** A user as package senders, contacts and account lists show them (type BasicUser). */
export const basicUser = (user: User) => ({
  id: user.id,
  last_login_time: user.lastLoginAt === undefined ? null : stamp(user.lastLoginAt),
  status: user.active ? 'active' : 'inactive',
  name: user.username,
  ...givenNames(user),
  email: user.email,
  account_activated: user.active,
  can_send_normal_packages: user.canSendNormalPackages,
  role: user.role,
  type: user.type,
  user_profile_data_attributes: [],
});

/** A user with everything that an admin may set (type ExpandedUser), as far as this server has it. */
export const expandedUser = (user: User) => ({
  ...basicUser(user),
  public_key: user.preferences.public_key,
  account_expires: false,
  allowed_ip_addresses_for_download: [],
  allowed_ip_addresses_for_login: [],
  allowed_ip_addresses_for_upload: [],
  can_create_from_remote: user.createsFromRemote,
  can_have_public_url: 'default',
  can_invite: 'default',
  can_send_to_all_faspex_users: user.sendsToAllUsers ? 'yes' : 'no',
  can_send_to_external_email: user.sendsToExternal ? 'yes' : 'no',
  downloads_allowed: true,
  forwarding_allowed: user.forwardingAllowed,
  uploads_allowed: user.uploadsAllowed,
  created_at: stamp(user.createdAt),
  updated_at: stamp(user.createdAt),
});

/** The members by which downloads, recipients and contacts name a person. */
export const personNames = (user: User) => ({
  id: user.id,
  name: user.username,
  ...givenNames(user),
  email: user.email,
});
