/** Members of a documented answer that our simulators never show, and why that is right. */
export interface AbsentMembers {
  readonly document: 'node' | 'faspex';
  /** Of `METHOD /path/template`. */
  readonly operations: RegExp;
  /** Of pointers into the body. */
  readonly members: RegExp;
  readonly why: string;
}

const node = (operations: RegExp, members: RegExp, why: string): AbsentMembers => ({
  ...{ document: 'node', operations, members, why },
});

const acceptedTransfer = /^(POST|PUT) \/ops\/transfers/;
const shownTransfer = /^GET \/ops\/transfers/;

const faspex = (operations: RegExp, members: RegExp, why: string): AbsentMembers => ({
  ...{ document: 'faspex', operations, members, why },
});

const absentFromFaspex: readonly AbsentMembers[] = [
  faspex(/^GET \S+\/accounts?(\/\{id\})?$/, /./, 'settings of the expanded and the SAML shape of an account'),
  faspex(/^GET \S+\/(shared_inboxes|workgroups)(\/\{id\})?$/, /./, 'settings of the expanded shape of a group'),
  faspex(/^GET \S+\/members$/, /\/(expires|access_url)$/, 'members do not expire, and come by no link'),
  faspex(/^GET \S+\/shared_folders$/, /\/(kbps_|lock_|relay_)/, 'no folder has transfer parameters of its own'),
  faspex(/\/auth\/token$/, /^\/refresh_token$/, 'the JWT grant has none (aspera-apps-api.md §2.1)'),
  faspex(/./, /\/mfa_(failed_attempts|lockout_time)$/, 'no second factor is simulated'),
  faspex(/\/packages/, /^\/pkg_(status|download)_context$/, 'public links lead to web pages, of which there are none'),
  faspex(
    /\/packages$/,
    /\/notified_on_\w+\/\*\/(id|recipient_type)$/,
    'who is notified is told by name (aspera-apps-api.md §5.2)',
  ),
  faspex(
    /^POST \S+\/(packages|forward)$/,
    /^\/(upload_completion_time|release_date)$/,
    'nothing has been uploaded or released yet',
  ),
  faspex(/\/transfer_spec\//, /^\/http_fallback_port$/, 'the node offers no HTTP fallback'),
  faspex(
    /\/transfer_spec\/download$/,
    /^\/(lock_min_rate|lock_rate_policy|multi_session|target_rate_cap_kbps)$/,
    'the sample of a download has none of them',
  ),
  faspex(/\/remote_transfer$/, /^\/(start_time|stop_time)$/, 'the transfer has not begun'),
  faspex(
    /\/files\/(received|sent)\/page$/,
    /^\/(path|basename)$/,
    'the document shows members of an item beside the items',
  ),
  faspex(/\/browse\/page$/, /^\/parameters\/(iteration_token|retrieve_\w+)$/, 'only what was asked for is echoed'),
  faspex(/\/browse$/, /^\/parameters/, 'the sample of a listing has none'),
  faspex(
    /\/metadata_profiles/,
    /\/fields\/\*\/(default_value|choices|date_format)$/,
    'fields show what belongs to their type',
  ),
  faspex(
    /\/application_events$/,
    /\/(event_location|event_value|event_value_old|file_id|file_name)$/,
    'events of no file and no setting',
  ),
];

/** The one list of them. An entry that explains nothing any more is an error as well. */
export const absentMembers: readonly AbsentMembers[] = [
  node(/access_keys|self/, /\/storage\/(?!type|path)/, 'the storage of a simulator is a local folder'),
  node(/^POST \/files\/browse/, /^\/self\/target/, 'a browsed link is followed (aspera-node-api.md §3)'),
  node(
    /^POST \/files\/page/,
    /^\/items\/\*\/(item_count|next_iteration_token|parameters)/,
    'the document nests them in the items, an evident slip (aspera-node-api.md §3)',
  ),
  node(/^GET \/permissions$/, /./, 'the document shows one permission; recorded is an array (aspera-node-api.md §2)'),
  node(
    /^GET \/permissions\/\{id\}/,
    /^\/(name|path|size|type|modified_time|content_type)$/,
    'the document shows the members of `file` beside it; they are inside (aspera-node-api.md §2)',
  ),
  node(acceptedTransfer, /^\/content_protection_password$/, 'a password is never told back'),
  node(shownTransfer, /\/start_spec\/vlink_id$/, 'no virtual links are simulated'),
  node(shownTransfer, /\/start_spec\/proxy$/, 'the address of a proxy may hold a password'),
  node(
    shownTransfer,
    /\/start_spec\/filters/,
    'the document shows filters of a listing; those of a transfer are a list of include and exclude (aspera-node-api.md §5.1)',
  ),
  ...absentFromFaspex,
];
