/**
 * A place where an OpenAPI document contradicts what was recorded of the product, or itself. `*` stands for any method
 * or path. Whatever an answer does otherwise than its document is an error of the simulator unless it is told here.
 */
export interface KnownContradiction {
  readonly document: 'node' | 'faspex';
  readonly method: string;
  /** The path template as the document writes it, or as it would. */
  readonly path: string;
  /** Pointer into the body, `*` for any place in a list; or `status`, `body`, `operation`. */
  readonly where: string;
  /** Keyword of JSON Schema, or the status. */
  readonly rule: string;
  readonly why: string;
  readonly source: string;
}

type Place = Pick<KnownContradiction, 'method' | 'path'>;
type Reason = Pick<KnownContradiction, 'why' | 'source'>;

const everywhere: Place = { method: '*', path: '*' };
const at = (method: string, path: string): Place => ({ method, path });

const inNode = (place: Place, where: string, rule: string, reason: Reason): KnownContradiction => ({
  ...{ document: 'node', ...place, where, rule, ...reason },
});

const setupPaths = ['/files/upload_setup', '/files/download_setup'];
const shownTransfers = [
  { place: at('GET', '/ops/transfers'), root: '/*' },
  { place: at('GET', '/ops/transfers/{transfer_id}'), root: '' },
];
const acceptedTransfers = [at('POST', '/ops/transfers'), at('PUT', '/ops/transfers/{transfer_id}')];
const onePermission = [at('POST', '/permissions'), at('GET', '/permissions/{id}'), at('PUT', '/permissions/{id}')];

const nodeStatuses: readonly KnownContradiction[] = [
  inNode(everywhere, 'status', '401', {
    why: 'no operation documents bad credentials, but 401 is what clients renew their tokens on',
    source: 'aspera-node-api.md §1.1, §1.5',
  }),
  inNode(everywhere, 'status', '403', {
    why: 'documented for a few operations only; the error table gives it to whatever is not allowed',
    source: 'aspera-node-api.md §1.2, §1.5',
  }),
  inNode(at('POST', '/files/browse'), 'status', '404', {
    why: 'a path that does not exist is answered by 404, which the document leaves out',
    source: 'aspera-node-api.md §3 POST /files/browse',
  }),
  inNode(at('POST', '/files/du'), 'status', '400', {
    why: 'bad syntax is 400 everywhere; the document gives this operation no refusal at all',
    source: 'aspera-node-api.md §1.5',
  }),
];

const nodeFiles: readonly KnownContradiction[] = [
  inNode(at('POST', '/files/du'), '/path', 'type', {
    why: 'the document types the path as an integer, an evident slip',
    source: 'aspera-node-api.md §3 POST /files/du',
  }),
  inNode(at('GET', '/files/{id}/content'), 'body', 'json', {
    why: 'the document types the bytes of a file as JSON',
    source: 'aspera-node-api.md §4 GET /files/{id}/content',
  }),
  inNode(at('GET', '/files/{uri_encoded_path}/contents'), 'body', 'json', {
    why: 'the document types the bytes of a file as JSON',
    source: 'aspera-node-api.md §3 GET /files/{url-encoded path}/contents',
  }),
  inNode(at('GET', '/permissions'), '/', 'type', {
    why: 'the document shows one permission; recorded is an array',
    source: 'aspera-node-api.md §2 /permissions [RUN]',
  }),
  inNode(at('GET', '/permissions/{id}'), '/file', 'type', {
    why: 'the embedded file is an object, which the document types as a string',
    source: 'aspera-node-api.md §2 /permissions',
  }),
  ...onePermission.map((place) =>
    inNode(place, '/tags', 'type', {
      why: 'tags are an object, which the document types as a string',
      source: 'aspera-node-api.md §2 /permissions',
    }),
  ),
];

const nodeSetups: readonly KnownContradiction[] = [
  inNode(at('POST', '/files/upload_setup'), '/transfer_specs/*/transfer_spec/paths/*/source', 'required', {
    why: 'an upload is authorized by its destination alone, and the spec repeats the paths',
    source: 'aspera-node-api.md §3 *_setup: “`paths:[{}]` is legal with destination_root”, §9 node upload [RUN]',
  }),
  ...setupPaths.flatMap((path) => [
    inNode(at('POST', path), '/transfer_specs/*/transfer_spec/tags', 'type', {
      why: 'tags are null where the request had none; clients have to drop them',
      source: 'aspera-node-api.md §3 *_setup',
    }),
    inNode(at('POST', path), '/transfer_specs/*/transfer_spec/sshfp', 'type', {
      why: 'a server without a fingerprint answers null',
      source: 'aspera-node-api.md §3 *_setup',
    }),
  ]),
];

const nodeUndocumented: readonly KnownContradiction[] = [
  inNode(at('POST', '/files/sync_setup'), 'operation', 'undocumented', {
    why: 'IBM’s client authorizes a sync here',
    source: 'aspera-node-api.md §3, §9 [RUN]',
  }),
  inNode(at('POST', '/files/async_setup'), 'operation', 'undocumented', {
    why: 'the older name of sync_setup',
    source: 'aspera-node-api.md §3 [DOC]',
  }),
  inNode(at('POST', '/services/soap/Transfer-201210'), 'operation', 'undocumented', {
    why: 'IBM’s client asks here whether the transfer manager is alive',
    source: 'aspera-node-api.md §2, §9 [RUN]',
  }),
];

const watchFolders = {
  why: 'the document leaves watch folders out; IBM’s client uses them',
  source: 'aspera-node-api.md §6, §9 [IBMD, RUN]',
};
const syncs = {
  why: 'the document leaves syncs out; IBM’s client uses them',
  source: 'aspera-node-api.md §6, §9 [CLI, RUN]',
};

const undocumented = (places: readonly string[], reason: Reason): readonly KnownContradiction[] =>
  places.map((place) => {
    const [method = '', path = ''] = place.split(' ');
    return inNode(at(method, path), 'operation', 'undocumented', reason);
  });

const watchFolderPlaces = [
  ...['GET /v3/watchfolders', 'POST /v3/watchfolders', 'GET /v3/watchfolders/{id}', 'PUT /v3/watchfolders/{id}'],
  ...['DELETE /v3/watchfolders/{id}', 'GET /v3/watchfolders/{id}/state'],
];
const syncPlaces = [
  ...['GET /asyncs', 'POST /asyncs', 'GET /asyncs/{id}', 'DELETE /asyncs/{id}'],
  ...['POST /asyncs/{id}/start', 'POST /asyncs/{id}/stop'],
  ...['state', 'summary', 'counters', 'bandwidth', 'files'].map((what) => `GET /asyncs/{id}/${what}`),
  'GET /async/list',
  ...['summary', 'bandwidth', 'files', 'counters', 'delete'].map((what) => `POST /async/${what}`),
];

const nodeServices = [...undocumented(watchFolderPlaces, watchFolders), ...undocumented(syncPlaces, syncs)];

const nodeInfo: readonly KnownContradiction[] = [
  inNode(at('GET', '/info'), '/capabilities/*/value', 'type', {
    why: 'values are booleans where they answer yes or no',
    source: 'aspera-node-api.md §2 GET /info',
  }),
  inNode(at('GET', '/info'), '/settings/*/value', 'type', {
    why: 'wss_enabled is a boolean, wss_port a number, ssh_fingerprint null where there is none',
    source: 'aspera-node-api.md §2 GET /info',
  }),
  inNode(at('GET', '/info'), '/settings/*/name', 'enum', {
    why: 'filelock_restriction is a setting, too',
    source: 'aspera-node-api.md §2 GET /info',
  }),
  inNode(at('GET', '/info'), '/access_key_configuration_capabilities/server/*', 'enum', {
    why: 'auto_delete is a capability, too',
    source: 'aspera-node-api.md §2 GET /info',
  }),
];

const eventTypes: Reason = {
  why: 'the names of an event are an array, which the document types as a string',
  source: 'aspera-node-api.md §2 GET /events',
};
const eventData: Reason = {
  why: 'what happened is an object, which the document types as a string',
  source: 'aspera-node-api.md §2 GET /events',
};
const nodeEvents: readonly KnownContradiction[] = [
  inNode(at('GET', '/events'), '/*/types', 'type', eventTypes),
  inNode(at('GET', '/events'), '/*/data', 'type', eventData),
  inNode(at('GET', '/events/{id}'), '/types', 'type', eventTypes),
  inNode(at('GET', '/events/{id}'), '/data', 'type', eventData),
];

const nodeTransfers: readonly KnownContradiction[] = [
  ...shownTransfers.flatMap(({ place, root }) => [
    inNode(place, `${root}/error_code`, 'type', {
      why: 'an integer in every sample, a string in the document',
      source: 'aspera-node-api.md §5.3, §11',
    }),
    inNode(place, `${root}/files/*/checksum`, 'type', {
      why: 'null where no checksum was asked for',
      source: 'aspera-node-api.md §5.3 [CLI]',
    }),
  ]),
  ...acceptedTransfers.map((place) =>
    inNode(place, '/target_rate_kbps', 'type', {
      why: 'a number wherever it occurs but here, where the document types it as a string',
      source: 'aspera-node-api.md §7, §11',
    }),
  ),
];

const inFaspex = (place: Place, where: string, rule: string, reason: Reason): KnownContradiction => ({
  ...{ document: 'faspex', ...place, where, rule, ...reason },
});
const api = '/aspera/faspex/api/v5';

const packageViews = [
  ...[at('POST', `${api}/packages`), at('GET', `${api}/packages/{id}`), at('PUT', `${api}/packages/{id}`)],
  ...[at('POST', `${api}/packages/{id}/archive/received`), at('POST', `${api}/packages/{id}/archive/sent`)],
  at('POST', `${api}/packages/{id}/forward`),
];
const packageLists = [at('GET', `${api}/packages`), at('GET', `${api}/{type}/packages`)];
const noLimit: Reason = {
  why: 'a package without a download limit has null, which the document does not allow',
  source: 'aspera-apps-api.md §5.2; faspex5-samples/faspex-package.json',
};

const faspexPackages: readonly KnownContradiction[] = [
  ...packageViews.map((place) => inFaspex(place, '/download_limit', 'type', noLimit)),
  ...packageLists.map((place) => inFaspex(place, '/packages/*/download_limit', 'type', noLimit)),
  ...['/start_time', '/completion_time'].map((where) =>
    inFaspex(at('GET', `${api}/packages/{id}/upload_details`), where, 'minLength', {
      why: 'a time that has not come is an empty text; the document wants a character at least',
      source: 'faspex5-samples/upload-details.json',
    }),
  ),
];

const faspexBrowsing = [
  at('POST', `${api}/packages/{id}/files/received`),
  at('POST', `${api}/packages/{id}/files/sent`),
  at('POST', `${api}/nodes/{node_id}/shared_folders/{id}/browse`),
].map((place) =>
  inFaspex(place, '/self/*/basename', 'minLength', {
    why: 'the root has no name; the document wants a character at least',
    source: 'faspex5-samples/browse-legacy.json',
  }),
);

const uploadSpec = at('POST', `${api}/packages/{id}/transfer_spec/upload`);
const downloadSpec = at('POST', `${api}/packages/{id}/transfer_spec/download`);
const longToken: Reason = {
  why: 'the document ends every text at 255 characters; an encrypted transfer token has no such end',
  source: 'aspera-node-api.md §1.4; aspera-apps-api.md part E, 18',
};
const longCookie: Reason = {
  why: 'the document ends every text at 255 characters; a cookie with user, metadata and title in it is longer',
  source: 'aspera-apps-api.md §5.5; faspex5-samples/transfer-spec-upload.json',
};
const faspexSpecs: readonly KnownContradiction[] = [
  inFaspex(uploadSpec, '/paths/*', 'type', {
    why: 'a transfer spec has objects with a source as its paths',
    source: 'faspex5-samples/transfer-spec-upload.json',
  }),
  inFaspex(downloadSpec, '/source_root', 'minLength', {
    why: 'the paths are whole, so that their root is empty; the document wants a character at least',
    source: 'faspex5-samples/transfer-spec-download.json',
  }),
  ...[uploadSpec, downloadSpec].flatMap((place) => [
    inFaspex(place, '/token', 'maxLength', longToken),
    inFaspex(place, '/cookie', 'maxLength', longCookie),
  ]),
];

const faspexErrors: readonly KnownContradiction[] = [
  ...['403', '404'].map((status) =>
    inFaspex(everywhere, 'status', status, {
      why: 'documented for a few operations only; the error table gives it to many refusals',
      source: 'aspera-apps-api.md §1.3, §5.4; faspex5-errors.tsv',
    }),
  ),
  ...[`${api}/accounts`, `${api}/packages/{id}/file_statuses`].map((path) =>
    inFaspex(at('GET', path), 'status', '400', {
      why: 'bad numbers and ids are 400 in every collection; the document leaves it out here',
      source: 'aspera-apps-api.md §1.1, §1.3 (1004, 1005, 1223)',
    }),
  ),
  inFaspex(everywhere, 'status', '429', {
    why: 'an administrator can limit the rate of every call, which the operations do not document',
    source: 'aspera-apps-api.md §1, §1.3',
  }),
  inFaspex(everywhere, '/code', 'type', {
    why: 'some operations describe the code of an error as an integer; recorded is a decimal text',
    source: 'aspera-apps-api.md §1.3; faspex5-samples/error.json',
  }),
  inFaspex(at('GET', '/aspera/faspex/'), 'operation', 'undocumented', {
    why: 'the root page carries the version header that clients look for',
    source: 'aspera-apps-api.md §1, §3',
  }),
];

/** The one list of them. An entry that no answer shows any more is an error as well. */
export const knownContradictions: readonly KnownContradiction[] = [
  ...nodeStatuses,
  ...nodeFiles,
  ...nodeSetups,
  ...nodeUndocumented,
  ...nodeServices,
  ...nodeInfo,
  ...nodeEvents,
  ...nodeTransfers,
  ...faspexPackages,
  ...faspexBrowsing,
  ...faspexSpecs,
  ...faspexErrors,
];
