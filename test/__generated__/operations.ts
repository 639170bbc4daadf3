/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
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

/** Which way the bytes go, seen from the client that runs the transfer. */
export type TransferDirection =
  /** From the server to the client: a download. */
  | 'RECEIVE'
  /** From the client to the server: an upload. */
  | 'SEND';

/** One path to transfer. */
export type TransferPathInput = {
  /** Name under which it arrives; its own name when left out. Give one for all paths or for none. */
  destination?: string | null | undefined;
  /** File or folder that is sent. */
  source: string;
};

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

export type ListPackagesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListPackagesQuery = { faspex: { packages: { totalCount: number | null, nodes: Array<{ id: string, packageId: string, title: string, status: PackageStatus, createdAt: string | null, sizeBytes: number | null, sender: { name: string | null } | null } | null>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type PackageStatusSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type PackageStatusSubscription = { packageStatus: { cursor: string, gap: boolean, package: { title: string, status: PackageStatus, uploadProgress: { progress: number | null, bytesWritten: number | null, bytesTotal: number | null } | null } | null } };

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

export type TransferProgressSubscriptionVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type TransferProgressSubscription = { transferProgress: { cursor: string, gap: boolean, transfer: { status: TransferStatus, progress: number | null, bytesTransferred: number, bytesExpected: number | null, averageRateKbps: number | null } } };
