/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Narrows a list of files; every condition must hold. */
export type AsperaFileFilterInput = {
  /** Smaller than so many bytes; only files then. */
  maxSizeBytes?: number | null | undefined;
  /** At least so large, in bytes; only files then. */
  minSizeBytes?: number | null | undefined;
  /** Changed after this moment, to the second. */
  modifiedAfter?: string | null | undefined;
  /** Changed before this moment, to the second. */
  modifiedBefore?: string | null | undefined;
  /** Patterns of which one must fit the name: `*` stands for any text, `?` for one character. */
  names?: Array<string> | null | undefined;
  /** Patterns of which one must fit the whole path. */
  paths?: Array<string> | null | undefined;
  /** Of one of these kinds. */
  types?: Array<AsperaFileTypeFilter> | null | undefined;
};

/** Order of a list of files. Where two are equal the path decides. */
export type AsperaFileSort =
  /** Changed longest ago first. */
  | 'MODIFIED_ASC'
  /** Changed last first. */
  | 'MODIFIED_DESC'
  /** By path. */
  | 'PATH'
  /** Smallest first. */
  | 'SIZE_ASC'
  /** Largest first. */
  | 'SIZE_DESC'
  /** Folders first, then files, then links. */
  | 'TYPE';

/** What a path names. */
export type AsperaFileType =
  /** A folder. */
  | 'DIRECTORY'
  /** A file. */
  | 'FILE'
  /** A kind that the gateway has no name for; `vendorType` has the word of the server. */
  | 'OTHER'
  /** A link to another path. */
  | 'SYMBOLIC_LINK';

/** A kind of path that a list can be narrowed to. */
export type AsperaFileTypeFilter =
  /** Folders. */
  | 'DIRECTORY'
  /** Files. */
  | 'FILE'
  /** Links to other paths. */
  | 'SYMBOLIC_LINK';

/** What proves to the serving node that a transfer is allowed. */
export type AuthorizationKind =
  /** An access key and its secret: everything that the key reaches. */
  | 'BASIC'
  /** A signed token of one person, checked against their permissions. */
  | 'BEARER'
  /** No token: a password or key of a user of the server. */
  | 'SSH'
  /** A token made by the serving node for exactly these paths. */
  | 'TRANSFER_TOKEN';

/** Two folders to keep in step. */
export type CreateSyncJobInput = {
  /** Whether folders that are missing are made. */
  createFolders?: boolean | null | undefined;
  /** Which side is the model. */
  direction?: SyncDirection | null | undefined;
  /** Folder on the node that runs the sync. */
  localPath: string;
  /** How long it goes on. */
  mode?: SyncMode | null | undefined;
  /** Name of the pair: letters, digits, `_` and `-`. */
  name: string;
  /** The other end. */
  remote: SyncRemoteInput;
  /** How often a continuous sync looks for changes, in seconds; left to the server when left out. */
  scanIntervalSeconds?: number | null | undefined;
  /** Name of the node that runs the sync; may be left out when only one node is configured. */
  source?: string | null | undefined;
};

/** A folder to watch. */
export type CreateWatchFolderInput = {
  /** How long a file must not change before it is sent, in seconds. The default of the server (5) when left out. */
  coolOffSeconds?: number | null | undefined;
  /** Which way files go. */
  direction?: WatchFolderDirection | null | undefined;
  /** The other end. */
  remote: WatchFolderRemoteInput;
  /** How often the folder is read from end to end, in seconds. Half an hour when left out. */
  scanPeriodSeconds?: number | null | undefined;
  /** How often new files are put together and sent, in seconds. The default of the server (3) when left out. */
  snapshotPeriodSeconds?: number | null | undefined;
  /** Name of the node that watches; may be left out when only one node is configured. */
  source?: string | null | undefined;
  /** The folder to watch. */
  sourcePath: string;
  /** The folder that files go to. */
  targetPath: string;
  /** Id that it is to have; the node makes one when left out. */
  watchFolderId?: string | null | undefined;
};

/** A sync to give up. */
export type DeleteSyncJobInput = {
  /** Name of the node that runs the sync; may be left out when only one node is configured. */
  source?: string | null | undefined;
  /** Id of the sync. */
  syncJobId: string;
};

/** A watch folder to give up. */
export type DeleteWatchFolderInput = {
  /** Name of the node that watches; may be left out when only one node is configured. */
  source?: string | null | undefined;
  /** Id of the watch folder. */
  watchFolderId: string;
};

/** How a transfer through an HTTP Gateway begins. */
export type HttpGatewayTransport =
  /** With a request. */
  | 'HTTP'
  /** With the first message of a WebSocket. */
  | 'WEB_SOCKET';

/** Generation of an HTTP Gateway, which `GET /info` below its address tells. */
export type HttpGatewayVersion =
  /** Uploads through a WebSocket, with the bytes as base64 in JSON. */
  | 'V1'
  /** Uploads through a WebSocket, with the bytes in binary messages. */
  | 'V2'
  /** Uploads by a form, and gives addresses that a browser can open to download. */
  | 'V3';

/** What is to be done with a transfer that goes on. */
export type LocalTransferAction =
  /** Hold it, by a wanted rate of 0, so that it can be resumed. */
  | 'PAUSE'
  /** Go on where it was, at the rate that it had or at `targetRateKbps`. */
  | 'RESUME';

/** Who or what a package is sent to. */
export type NewRecipientType =
  /** A list of recipients. */
  | 'DISTRIBUTION_LIST'
  /** A person without an account, reached by e-mail. */
  | 'EXTERNAL_USER'
  /** An inbox that several people share. */
  | 'SHARED_INBOX'
  /** A person with an account. */
  | 'USER'
  /** A group whose members all receive it. */
  | 'WORKGROUP';

/** A token that the gateway makes or has by itself. */
export type OwnTokenKind =
  /** The access key of the source with its secret, which opens its whole storage and does not end. Only for programs that you trust with it. Needs the scope `transfer.secret`, and a source with an access key. */
  | 'BASIC'
  /** A signed token in your name, for a while; the node lets it do what your permissions allow, also outside of transfers. Needs the scope `transfer.bearer`, and a source that acts as the viewer. */
  | 'BEARER';

/** Where a package is in its life. */
export type PackageStatus =
  /** Recipients can receive it. */
  | 'AVAILABLE'
  /** Its files are gone. */
  | 'DELETED'
  /** Its files are being deleted. */
  | 'DELETING'
  /** Its time is over. */
  | 'EXPIRED'
  /** It will not become available as it is; a new upload may save it. */
  | 'FAILED'
  /** The upload rests. */
  | 'PAUSED'
  /** The files have arrived and are being checked, relayed or processed. Recipients cannot receive it yet. */
  | 'PROCESSING'
  /** Made; nothing has been sent yet. */
  | 'STARTING'
  /** The server does not tell; `vendorStatus` may have more. */
  | 'UNKNOWN'
  /** Its files are on the way, or waiting for it. */
  | 'UPLOADING';

/** How a transfer behaves beside other traffic. */
export type RatePolicy =
  /** Shares the line with other traffic. */
  | 'FAIR'
  /** Takes the target rate, whatever else needs the line. */
  | 'FIXED'
  /** Takes twice the share of a fair transfer. */
  | 'HIGH'
  /** Takes only what nobody else needs. */
  | 'LOW';

/** Who or what can be sent to. */
export type RecipientType =
  /** A list of recipients. */
  | 'DISTRIBUTION_LIST'
  /** A person without an account, reached by e-mail. */
  | 'EXTERNAL_USER'
  /** A kind that the gateway does not know. */
  | 'OTHER'
  /** An inbox that several people share. */
  | 'SHARED_INBOX'
  /** A person with an account. */
  | 'USER'
  /** A group whose members all receive it. */
  | 'WORKGROUP';

/** A folder in the storage of the access key. */
export type SpecFolderInput =
  {   /** Its id, as `folder` and `files` of an access key give it. One upstream call. */
  fileId: string; path?: never; }
  |  { fileId?: never;   /** Its path from the root of the access key, walked folder by folder: one upstream call, and one for each name. For a download it may also be that of one file, without `paths`. */
  path: string; };

/** A sync to start. */
export type StartSyncJobInput = {
  /** Name of the node that runs the sync; may be left out when only one node is configured. */
  source?: string | null | undefined;
  /** Id of the sync. */
  syncJobId: string;
};

/** A sync to stop. */
export type StopSyncJobInput = {
  /** Name of the node that runs the sync; may be left out when only one node is configured. */
  source?: string | null | undefined;
  /** Id of the sync. */
  syncJobId: string;
};

/** Which way a synchronization goes, seen from the client. */
export type SyncDirection =
  /** Changes go both ways. */
  | 'BOTH'
  /** The folder of the server is the model. */
  | 'PULL'
  /** The folder of the client is the model. */
  | 'PUSH';

/** Where a sync stands. */
export type SyncJobStatus =
  /** The folders were in step when it ended. */
  | 'COMPLETED'
  /** It has given up; `error` says why. */
  | 'FAILED'
  /** It brings the folders in step, or waits to do so again. */
  | 'RUNNING'
  /** It waits to be started. */
  | 'STOPPED'
  /** A state that the gateway has no name for; `vendorState` has the word of the server. */
  | 'UNKNOWN';

/** How long a sync goes on. */
export type SyncMode =
  /** It keeps them in step until it is stopped. */
  | 'CONTINUOUS'
  /** It is complete when the folders are in step. */
  | 'ONE_TIME';

/** The other end of a sync. */
export type SyncRemoteInput =
  {   /** Another configured node: the gateway has it authorize the sync. */
  node: SyncRemoteNodeInput; server?: never; }
  |  { node?: never;   /** Any server, with a user and a password. */
  server: SyncRemoteServerInput; };

/** A folder on another node that the gateway knows. */
export type SyncRemoteNodeInput = {
  /** Name of that node. */
  name: string;
  /** The folder. */
  path: string;
  /** How long its token is good for, in seconds: the sync cannot begin a transfer after that. What the node is configured to (a day) when left out. */
  tokenLifeSeconds?: number | null | undefined;
};

/** A folder on any server, with a login there. */
export type SyncRemoteServerInput = {
  /** Name or address of the server, as the node reaches it. */
  host: string;
  /** Its password. The node keeps it; nobody reads it again. */
  password: string;
  /** The folder. */
  path: string;
  /** Port of SSH; 22 when left out. */
  port?: number | null | undefined;
  /** Transfer user to log in as. */
  user: string;
};

/** A program that runs a transfer by a transfer spec. Each knows some parameters and leaves others out. */
export type TransferAgent =
  /** IBM Aspera Connect, or IBM Aspera for desktop. */
  | 'CONNECT'
  /** ascp, started on your own machine. */
  | 'DIRECT'
  /** IBM Aspera HTTP Gateway, for browsers without a program of Aspera. */
  | 'HTTP_GATEWAY'
  /** An Aspera node, as `startTransfer` makes it run a transfer. */
  | 'NODE'
  /** The transfer daemon of IBM’s SDK. */
  | 'TRANSFERD';

/** Which way the bytes go, seen from the client that runs the transfer. */
export type TransferDirection =
  /** From the server to the client: a download. */
  | 'RECEIVE'
  /** From the client to the server: an upload. */
  | 'SEND';

/** Which of two nodes starts a transfer between them. The other one must be reachable from it. */
export type TransferInitiator =
  /** The receiving node: the sending one authorizes a download, the receiving one runs it. */
  | 'DESTINATION'
  /** The sending node: the receiving one authorizes an upload, the sending one runs it. */
  | 'SOURCE';

/** Wishes for a transfer spec. What the server is configured to wins. */
export type TransferOptionsInput = {
  /** Encryption on the way: `none`, `aes-128`, `aes-192` or `aes-256`, also with `-gcm` or `-cfb`. */
  cipher?: string | null | undefined;
  /** How the transfer behaves beside other traffic. */
  ratePolicy?: RatePolicy | null | undefined;
  /** Wanted rate in kilobits per second. */
  targetRateKbps?: number | null | undefined;
  /** Label of the transfer. */
  title?: string | null | undefined;
  /** Seconds for which the token is valid; what the server is configured to (a day) when left out. */
  tokenLifeSeconds?: number | null | undefined;
};

/** One path to transfer. */
export type TransferPathInput = {
  /** Name under which it arrives; its own name when left out. Give one for all paths or for none. */
  destination?: string | null | undefined;
  /** File or folder that is sent. */
  source: string;
};

/** Where one session of a transfer stands. */
export type TransferSessionStatus =
  /** It ended well. */
  | 'COMPLETED'
  /** It ended with an error. */
  | 'FAILED'
  /** It moves bytes, or tries to. */
  | 'RUNNING'
  /** A state that the gateway has no name for. */
  | 'UNKNOWN';

/** One transfer is recorded on both of its nodes. */
export type TransferSide =
  /** The record of the node that started the transfer; it can be paused, resumed and canceled there. */
  | 'CLIENT'
  /** The record of the node that was connected to. */
  | 'SERVER';

/** How bad it is. */
export type TransferSpecIssueSeverity =
  /** The spec cannot be run. */
  | 'ERROR'
  /** The spec can be run, but something in it has no effect, or not the one that it seems to have. */
  | 'WARNING';

/** Where a transfer stands. COMPLETED, FAILED and CANCELED are final; everything else goes on. */
export type TransferStatus =
  /** Stopped for good on request. */
  | 'CANCELED'
  /** Everything has arrived. */
  | 'COMPLETED'
  /** Given up; `error` says why. */
  | 'FAILED'
  /** A session failed and the time to try again has not passed: it may still complete. */
  | 'PARTIALLY_COMPLETED'
  /** Stopped on request; it can be resumed. */
  | 'PAUSED'
  /** Sessions are active or being retried. */
  | 'RUNNING'
  /** A state that the gateway has no name for; `vendorStatus` has the word of the server. */
  | 'UNKNOWN'
  /** Accepted; no session has begun yet. */
  | 'WAITING';

/** What is to be changed of a watch folder; what is left out stays as it is. */
export type UpdateWatchFolderInput = {
  /** How long a file must not change before it is sent, in seconds. */
  coolOffSeconds?: number | null | undefined;
  /** The other end, with its password. */
  remote?: WatchFolderRemoteInput | null | undefined;
  /** How often the folder is read from end to end, in seconds. */
  scanPeriodSeconds?: number | null | undefined;
  /** How often new files are put together and sent, in seconds. */
  snapshotPeriodSeconds?: number | null | undefined;
  /** Name of the node that watches; may be left out when only one node is configured. */
  source?: string | null | undefined;
  /** The folder to watch. */
  sourcePath?: string | null | undefined;
  /** The folder that files go to. */
  targetPath?: string | null | undefined;
  /** Id of the watch folder. */
  watchFolderId: string;
};

/** Which way files go, seen from the node that watches. */
export type WatchFolderDirection =
  /** From another one to a folder of this node. */
  | 'PULL'
  /** From a folder of this node to another one. */
  | 'PUSH';

/** How a watch folder or a part of it is. */
export type WatchFolderHealth =
  /** It works. */
  | 'HEALTHY'
  /** Something is wrong; `lastError` of the components says what. */
  | 'IMPAIRED'
  /** The node does not know yet. */
  | 'UNKNOWN';

/** How the node logs in at the other end. */
export type WatchFolderLogin =
  /** With a user or access key of the Node API; the port is that of the Node API. */
  | 'NODE_API'
  /** As the transfer user; the port is that of SSH. For PUSH only on some servers. */
  | 'SSH';

/** The other end of a watch folder, and how the node logs in there. */
export type WatchFolderRemoteInput = {
  /** Name or address of the server, as the node reaches it. */
  host: string;
  /** Fingerprint of the SSH key of the server, to be checked. */
  hostKeyFingerprint?: string | null | undefined;
  /** How the node logs in. */
  login?: WatchFolderLogin | null | undefined;
  /** Its password or secret. The node keeps it; nobody reads it again. */
  password: string;
  /** Port of the Node API (9092), or of SSH (33001). */
  port: number;
  /** User, or id of an access key. */
  user: string;
};

export type AscpUploadMutationVariables = Exact<{
  node: string;
  folder: string;
  paths: Array<TransferPathInput> | TransferPathInput;
  keyFile?: string | null | undefined;
  listFile?: string | null | undefined;
}>;


export type AscpUploadMutation = { authorizeUpload:
    | { spec: { ascp: { exports: string, command: string, needsKey: boolean } | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type NodeBandwidthQueryVariables = Exact<{
  node?: string | null | undefined;
  seconds?: number | null | undefined;
  startedAfter?: string | null | undefined;
}>;


export type NodeBandwidthQuery = { asperaNode: { bandwidth: { from: string | null, to: string | null, send: Array<{ transferId: string, maxRateKbps: number | null, points: Array<{ at: string, rateKbps: number }> }>, receive: Array<{ transferId: string, maxRateKbps: number | null, points: Array<{ at: string, rateKbps: number }> }> } | null } | null };

export type TransferBandwidthQueryVariables = Exact<{
  node?: string | null | undefined;
  first?: number | null | undefined;
}>;


export type TransferBandwidthQuery = { asperaNode: { transfers: { nodes: Array<{ transferId: string, status: TransferStatus, bandwidth: { maxRateKbps: number | null, points: Array<{ at: string, rateKbps: number }> } | null, sessions: Array<{ status: TransferSessionStatus, targetRateKbps: number | null, minRateKbps: number | null, currentRateKbps: number | null, networkDelayMs: number | null, retryCount: number | null, retryTimeoutSeconds: number | null }> } | null> } | null } | null };

export type CreateUploadSpecMutationVariables = Exact<{
  node: string;
  kind: OwnTokenKind;
  folder?: SpecFolderInput | null | undefined;
  paths?: Array<TransferPathInput> | TransferPathInput | null | undefined;
}>;


export type CreateUploadSpecMutation = { createBearerSpec:
    | { message: string, code: string, retryable: boolean }
    | { spec: { json: unknown, specId: string | null, authorizationKind: AuthorizationKind, remoteHost: string, remoteUser: string | null, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type CreateDownloadSpecMutationVariables = Exact<{
  node: string;
  kind: OwnTokenKind;
  folder?: SpecFolderInput | null | undefined;
  paths?: Array<TransferPathInput> | TransferPathInput | null | undefined;
  seconds?: number | null | undefined;
}>;


export type CreateDownloadSpecMutation = { createBearerSpec:
    | { message: string, code: string, retryable: boolean }
    | { spec: { json: unknown, specId: string | null, authorizationKind: AuthorizationKind, remoteHost: string, remoteUser: string | null, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type OwnSpecFragment = { json: unknown, specId: string | null, authorizationKind: AuthorizationKind, remoteHost: string, remoteUser: string | null, expiresAt: string | null };

export type BrowseFilesQueryVariables = Exact<{
  node?: string | null | undefined;
  path?: string | null | undefined;
  filter?: AsperaFileFilterInput | null | undefined;
  sort?: AsperaFileSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BrowseFilesQuery = { asperaNode: { files: { totalCount: number | null, nodes: Array<{ id: string, path: string, name: string, type: AsperaFileType, sizeBytes: number | null, modifiedAt: string | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null, shifted: boolean } } | null } | null };

export type MakeFolderMutationVariables = Exact<{
  node?: string | null | undefined;
  path: string;
}>;


export type MakeFolderMutation = { createFolder:
    | { message: string, code: string }
    | { results: Array<{ path: string, ok: boolean, error:
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
         | null }> }
    | { message: string, code: string }
    | { message: string, code: string }
    | { message: string, code: string }
    | { message: string, code: string }
   | null };

export type RemoveFilesMutationVariables = Exact<{
  node?: string | null | undefined;
  paths: Array<string> | string;
  recursive?: boolean | null | undefined;
}>;


export type RemoveFilesMutation = { deleteFiles:
    | { message: string, code: string }
    | { results: Array<{ path: string, ok: boolean, error:
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
          | { code: string, message: string }
         | null }> }
    | { message: string, code: string }
    | { message: string, code: string }
    | { message: string, code: string }
    | { message: string, code: string }
   | null };

export type AuthorizeBrowserUploadMutationVariables = Exact<{
  node: string;
  destination: string;
  gateway: string;
  version: HttpGatewayVersion;
}>;


export type AuthorizeBrowserUploadMutation = { authorizeUpload:
    | { spec: { json: unknown, httpGateway: { transport: HttpGatewayTransport, method: string | null, url: string, json: unknown, headers: Array<{ name: string, value: string }>, form: Array<{ name: string, value: string }> } | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type AuthorizeBrowserDownloadMutationVariables = Exact<{
  node: string;
  paths: Array<TransferPathInput> | TransferPathInput;
  gateway: string;
  version: HttpGatewayVersion;
}>;


export type AuthorizeBrowserDownloadMutation = { authorizeDownload:
    | { spec: { json: unknown, httpGateway: { transport: HttpGatewayTransport, method: string | null, url: string, json: unknown, presign: { transport: HttpGatewayTransport, method: string | null, url: string, json: unknown, headers: Array<{ name: string, value: string }>, form: Array<{ name: string, value: string }> } | null, headers: Array<{ name: string, value: string }>, form: Array<{ name: string, value: string }> } | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type BrowserRequestFragment = { transport: HttpGatewayTransport, method: string | null, url: string, json: unknown, headers: Array<{ name: string, value: string }>, form: Array<{ name: string, value: string }> };

export type CheckTransferSpecQueryVariables = Exact<{
  spec: unknown;
  agent?: TransferAgent | null | undefined;
}>;


export type CheckTransferSpecQuery = { validateTransferSpec: { valid: boolean, issues: Array<{ severity: TransferSpecIssueSeverity, path: string, message: string, suggestion: string | null }>, spec: { ascliCommand: string | null, ascp: { program: string, arguments: Array<string>, fileList: Array<string> | null, command: string, environment: Array<{ name: string, value: string }> } | null } | null } };

export type PauseTransferMutationVariables = Exact<{
  id: string | number;
}>;


export type PauseTransferMutation = { pauseTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { status: TransferStatus, bytesTransferred: number } }
    | { message: string, code: string, retryable: boolean }
   | null };

export type ResumeTransferMutationVariables = Exact<{
  id: string | number;
}>;


export type ResumeTransferMutation = { resumeTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { status: TransferStatus, bytesTransferred: number } }
    | { message: string, code: string, retryable: boolean }
   | null };

export type ChangeTransferRateMutationVariables = Exact<{
  id: string | number;
  targetRateKbps: number;
}>;


export type ChangeTransferRateMutation = { changeTransferRate:
    | { transfer: { status: TransferStatus, targetRateKbps: number | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type CancelTransferMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelTransferMutation = { cancelTransfer:
    | { transfer: { status: TransferStatus, bytesTransferred: number } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type TransferListQueryVariables = Exact<{
  node?: string | null | undefined;
  first?: number | null | undefined;
}>;


export type TransferListQuery = { asperaNode: { transfers: { nodes: Array<{ id: string, title: string | null, status: TransferStatus, direction: TransferDirection | null, progress: number | null, currentRateKbps: number | null, controllable: boolean } | null> } | null } | null };

export type WatchTransfersSubscriptionVariables = Exact<{
  node?: string | null | undefined;
  activeOnly?: boolean | null | undefined;
  after?: string | null | undefined;
}>;


export type WatchTransfersSubscription = { transfers: { cursor: string, gap: boolean, skipped: boolean, transfer:
      | { currentRateKbps: number | null, side: TransferSide | null, id: string, title: string | null, status: TransferStatus, direction: TransferDirection | null, progress: number | null, bytesTransferred: number, bytesExpected: number | null, averageRateKbps: number | null, endedAt: string | null, error: { name: string, description: string } | null }
      | { id: string, title: string | null, status: TransferStatus, direction: TransferDirection | null, progress: number | null, bytesTransferred: number, bytesExpected: number | null, averageRateKbps: number | null, endedAt: string | null }
     | null } };

export type RecentTransfersQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type RecentTransfersQuery = { recentTransfers: Array<
    | { id: string, source: string, title: string | null, status: TransferStatus, progress: number | null, startedAt: string | null, endedAt: string | null }
    | { id: string, source: string, title: string | null, status: TransferStatus, progress: number | null, startedAt: string | null, endedAt: string | null }
   | null> | null };

export type InsertRecordsMutationVariables = Exact<{
  tableName: string;
  records: Array<unknown> | unknown;
}>;


export type InsertRecordsMutation = { insertRecords:
    | { message: string, code: string, retryable: boolean }
    | { records: Array<{ id: string, recordId: string | null, changeId: string | null, values: unknown } | null> }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type UpdateRecordMutationVariables = Exact<{
  tableName: string;
  recordId: string;
  changeId: string;
  values: unknown;
}>;


export type UpdateRecordMutation = { updateRecords:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean, current: Array<{ changeId: string | null, values: unknown }> }
    | { message: string, code: string, retryable: boolean }
    | { records: Array<{ changeId: string | null, values: unknown } | null> }
   | null };

export type DeleteRecordsMutationVariables = Exact<{
  tableName: string;
  recordIds: Array<string> | string;
}>;


export type DeleteRecordsMutation = { deleteRecords:
    | { message: string, code: string, retryable: boolean }
    | { deletedCount: number }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type FairComRecordsQueryVariables = Exact<{
  from?: unknown;
  to?: unknown;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FairComRecordsQuery = { faircom: { records: { nodes: Array<{ id: string, recordId: string | null, changeId: string | null, values: unknown, sent: string | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type FindContactsQueryVariables = Exact<{
  search?: string | null | undefined;
  types?: Array<NewRecipientType> | NewRecipientType | null | undefined;
  after?: string | null | undefined;
}>;


export type FindContactsQuery = { faspex: { contacts: { totalCount: number | null, nodes: Array<{ contactId: string, recipientType: RecipientType, name: string, firstName: string | null, lastName: string | null, email: string | null, encryptionAtRest: string | null, metadataProfileId: string | null, instructions: string | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type ForwardPackageMutationVariables = Exact<{
  packageId: string;
  to: string;
  toType?: NewRecipientType | null | undefined;
  title?: string | null | undefined;
  note?: string | null | undefined;
}>;


export type ForwardPackageMutation = { forwardPackage:
    | { message: string, code: string, retryable: boolean, candidates: Array<{ name: string, recipientType: string, email: string | null }> }
    | { message: string, code: string, retryable: boolean }
    | { package: { id: string, packageId: string, title: string, status: PackageStatus, recipients: Array<{ name: string | null, recipientType: RecipientType }> } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type ListPackagesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListPackagesQuery = { faspex: { packages: { totalCount: number | null, nodes: Array<{ id: string, packageId: string, title: string, status: PackageStatus, createdAt: string | null, sizeBytes: number | null, sender: { name: string | null } | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AuthorizeLocalUploadMutationVariables = Exact<{
  node?: string | null | undefined;
  destination: string;
  options?: TransferOptionsInput | null | undefined;
}>;


export type AuthorizeLocalUploadMutation = { authorizeUpload:
    | { spec: { json: unknown, transferdRequest: unknown } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type StartLocalTransferMutationVariables = Exact<{
  source?: string | null | undefined;
  spec: unknown;
  paths?: Array<TransferPathInput> | TransferPathInput | null | undefined;
  destination?: string | null | undefined;
}>;


export type StartLocalTransferMutation = { startLocalTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { id: string, transferId: string, status: TransferStatus } }
   | null };

export type ChangeLocalTransferMutationVariables = Exact<{
  id: string | number;
  action?: LocalTransferAction | null | undefined;
  targetRateKbps?: number | null | undefined;
}>;


export type ChangeLocalTransferMutation = { changeLocalTransfer:
    | { transfer: { status: TransferStatus, bytesTransferred: number, targetRateKbps: number | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type StopLocalTransferMutationVariables = Exact<{
  id: string | number;
}>;


export type StopLocalTransferMutation = { stopLocalTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { status: TransferStatus } }
   | null };

export type LocalTransfersQueryVariables = Exact<{
  source?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type LocalTransfersQuery = { transferd: { name: string, since: string, info: { apiVersion: string | null, ascpVersion: string | null, problem: string | null } | null, transfers: { totalCount: number | null, nodes: Array<{ id: string, transferId: string, title: string | null, status: TransferStatus, progress: number | null, bytesTransferred: number, error: { code: number, name: string, description: string } | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type AuthorizeUploadPairsMutationVariables = Exact<{
  node: string;
  paths: Array<TransferPathInput> | TransferPathInput;
  seconds?: number | null | undefined;
}>;


export type AuthorizeUploadPairsMutation = { authorizeUpload:
    | { spec: { json: unknown, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type AuthorizeDownloadFilesMutationVariables = Exact<{
  node: string;
  paths: Array<TransferPathInput> | TransferPathInput;
  seconds?: number | null | undefined;
}>;


export type AuthorizeDownloadFilesMutation = { authorizeDownload:
    | { spec: { json: unknown, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type AuthorizeUploadsBelowMutationVariables = Exact<{
  node: string;
  folder: string;
  seconds?: number | null | undefined;
}>;


export type AuthorizeUploadsBelowMutation = { authorizeUpload:
    | { spec: { json: unknown, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type AuthorizeDownloadsBelowMutationVariables = Exact<{
  node: string;
  folder: string;
  seconds?: number | null | undefined;
}>;


export type AuthorizeDownloadsBelowMutation = { authorizeDownload:
    | { spec: { json: unknown, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type PackageStatusSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type PackageStatusSubscription = { packageStatus: { cursor: string, gap: boolean, skipped: boolean, package: { title: string, status: PackageStatus, uploadProgress: { progress: number | null, bytesWritten: number | null, bytesTotal: number | null } | null } | null } };

export type ActiveTransfersQueryVariables = Exact<{
  node?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ActiveTransfersQuery = { asperaNode: { transfers: { nodes: Array<{ id: string, status: TransferStatus, progress: number | null, currentRateKbps: number | null, retrying: boolean } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type TransferStateQueryVariables = Exact<{
  id: string | number;
}>;


export type TransferStateQuery = { transfer:
    | { retrying: boolean, warning: string | null, status: TransferStatus, progress: number | null, bytesTransferred: number, endedAt: string | null, error: { code: number, name: string, retryable: boolean, advice: string } | null }
    | { status: TransferStatus, progress: number | null, bytesTransferred: number, endedAt: string | null }
   | null };

export type NodeTransfersSubscriptionVariables = Exact<{
  node?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type NodeTransfersSubscription = { transfers: { cursor: string, gap: boolean, transfer:
      | { id: string, status: TransferStatus, progress: number | null }
      | { id: string, status: TransferStatus, progress: number | null }
     | null } };

export type UntilTheEndSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type UntilTheEndSubscription = { transferProgress: { cursor: string, gap: boolean, transfer:
      | { status: TransferStatus, progress: number | null }
      | { status: TransferStatus, progress: number | null }
     } };

export type ReceivePackageMutationVariables = Exact<{
  packageId: string;
  paths?: Array<string> | string | null | undefined;
}>;


export type ReceivePackageMutation = { receivePackage:
    | { message: string, code: string, retryable: boolean, candidates: Array<{ name: string, recipientType: string }> }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { spec: { json: unknown, remoteHost: string, paths: Array<{ source: string | null }> } }
    | { message: string, code: string, retryable: boolean }
   | null };

export type SendPackageMutationVariables = Exact<{
  title: string;
  to: string;
  paths: Array<string> | string;
}>;


export type SendPackageMutation = { sendPackage:
    | { message: string, code: string, retryable: boolean, candidates: Array<{ name: string, recipientType: string, email: string | null }> }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean, draft: { packageId: string } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { package: { id: string, packageId: string, status: PackageStatus }, spec: { json: unknown } }
    | { message: string, code: string, retryable: boolean }
   | null };

export type StartUploadMutationVariables = Exact<{
  node: string;
  spec: unknown;
}>;


export type StartUploadMutation = { startTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { id: string, status: TransferStatus } }
   | null };

export type SendPackageFromNodeMutationVariables = Exact<{
  title: string;
  to: string;
  node: string;
  paths: Array<string> | string;
}>;


export type SendPackageFromNodeMutation = { sendPackageFromNode:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { package: { id: string, status: PackageStatus }, transfer: { id: string, status: TransferStatus } }
    | { message: string, code: string, retryable: boolean }
   | null };

export type AuthorizeForServerMutationVariables = Exact<{
  node: string;
  destination: string;
}>;


export type AuthorizeForServerMutation = { authorizeUpload:
    | { spec: { specId: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type StartOnServerMutationVariables = Exact<{
  node: string;
  specId: string;
  paths: Array<TransferPathInput> | TransferPathInput;
}>;


export type StartOnServerMutation = { startTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { id: string, status: TransferStatus } }
   | null };

export type StartWithPasswordMutationVariables = Exact<{
  node: string;
  host: string;
  port?: number | null | undefined;
  user: string;
  password: string;
  paths: Array<TransferPathInput> | TransferPathInput;
  destination: string;
}>;


export type StartWithPasswordMutation = { startTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { id: string, status: TransferStatus, spec: unknown } }
   | null };

export type AuthorizeUploadMutationVariables = Exact<{
  node: string;
  destination: string;
}>;


export type AuthorizeUploadMutation = { authorizeUpload:
    | { spec: { json: unknown, direction: TransferDirection, remoteHost: string, authorizationKind: AuthorizationKind, expiresAt: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type StartTransferMutationVariables = Exact<{
  node: string;
  spec: unknown;
  paths: Array<TransferPathInput> | TransferPathInput;
}>;


export type StartTransferMutation = { startTransfer:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { id: string, status: TransferStatus, progress: number | null } }
   | null };

export type SyncJobsQueryVariables = Exact<{
  node?: string | null | undefined;
}>;


export type SyncJobsQuery = { asperaNode: { syncJobs: Array<{ syncJobId: string, name: string | null, direction: SyncDirection | null, mode: SyncMode | null, localPath: string | null, remotePath: string | null, state: { status: SyncJobStatus, error: string | null } | null, counters: { filesTotal: number | null, filesSynchronized: number | null, filesPending: number | null, bytesTransferred: number | null } | null } | null> | null } | null };

export type SyncJobFilesQueryVariables = Exact<{
  node?: string | null | undefined;
  syncJobId: string;
  first?: number | null | undefined;
  skip?: number | null | undefined;
}>;


export type SyncJobFilesQuery = { asperaNode: { syncJob: { name: string | null, files: Array<{ path: string | null, sizeBytes: number | null, vendorStatus: string | null } | null> | null } | null } | null };

export type CreateSyncJobMutationVariables = Exact<{
  input: CreateSyncJobInput;
}>;


export type CreateSyncJobMutation = { createSyncJob:
    | { message: string, code: string, retryable: boolean }
    | { syncJob: { syncJobId: string, name: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type StartSyncJobMutationVariables = Exact<{
  input: StartSyncJobInput;
}>;


export type StartSyncJobMutation = { startSyncJob:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { syncJob: { syncJobId: string, state: { status: SyncJobStatus } | null } }
   | null };

export type StopSyncJobMutationVariables = Exact<{
  input: StopSyncJobInput;
}>;


export type StopSyncJobMutation = { stopSyncJob:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { syncJob: { syncJobId: string, state: { status: SyncJobStatus } | null } }
   | null };

export type DeleteSyncJobMutationVariables = Exact<{
  input: DeleteSyncJobInput;
}>;


export type DeleteSyncJobMutation = { deleteSyncJob:
    | { message: string, code: string, retryable: boolean }
    | { syncJobId: string }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type TransferBetweenNodesMutationVariables = Exact<{
  from: string;
  to: string;
  paths: Array<TransferPathInput> | TransferPathInput;
  destination: string;
  initiator?: TransferInitiator | null | undefined;
  options?: TransferOptionsInput | null | undefined;
}>;


export type TransferBetweenNodesMutation = { transferBetweenNodes:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { transfer: { id: string, transferId: string, source: string, status: TransferStatus, side: TransferSide | null, controllable: boolean } }
   | null };

export type TransferProgressSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type TransferProgressSubscription = { transferProgress: { cursor: string, gap: boolean, skipped: boolean, transfer:
      | { status: TransferStatus, progress: number | null, bytesTransferred: number, bytesExpected: number | null, averageRateKbps: number | null }
      | { status: TransferStatus, progress: number | null, bytesTransferred: number, bytesExpected: number | null, averageRateKbps: number | null }
     } };

export type WatchFoldersQueryVariables = Exact<{
  node?: string | null | undefined;
}>;


export type WatchFoldersQuery = { asperaNode: { watchFolders: Array<{ watchFolderId: string, direction: WatchFolderDirection | null, sourcePath: string | null, targetPath: string | null, remote: { host: string, user: string | null } | null, state: { health: WatchFolderHealth, statistics: { filesSucceeded: number | null, filesFailed: number | null, bytesCompleted: number | null }, components: Array<{ name: string, health: WatchFolderHealth, lastError: string | null, lastErrorAt: string | null }> } | null } | null> | null } | null };

export type CreateWatchFolderMutationVariables = Exact<{
  input: CreateWatchFolderInput;
}>;


export type CreateWatchFolderMutation = { createWatchFolder:
    | { message: string, code: string, retryable: boolean }
    | { watchFolder: { watchFolderId: string, sourcePath: string | null, targetPath: string | null } }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };

export type UpdateWatchFolderMutationVariables = Exact<{
  input: UpdateWatchFolderInput;
}>;


export type UpdateWatchFolderMutation = { updateWatchFolder:
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { watchFolder: { watchFolderId: string, coolOffSeconds: number | null } }
   | null };

export type DeleteWatchFolderMutationVariables = Exact<{
  input: DeleteWatchFolderInput;
}>;


export type DeleteWatchFolderMutation = { deleteWatchFolder:
    | { message: string, code: string, retryable: boolean }
    | { watchFolderId: string }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
    | { message: string, code: string, retryable: boolean }
   | null };
