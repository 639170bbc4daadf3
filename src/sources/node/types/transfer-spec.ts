import type { JsonObject } from '../../../transfer-spec/transfer-spec.ts';

/** How a transfer behaves beside other traffic. */
export type RatePolicy = 'FIXED' | 'HIGH' | 'FAIR' | 'LOW';

/** What may be asked for when a node is asked for a transfer spec. The node's own configuration wins. */
export interface SpecOptions {
  /** How long the token is valid; the node's default (a day) when left out. */
  readonly tokenLifeSeconds?: number | undefined;
  readonly targetRateKbps?: number | undefined;
  readonly targetRateCapKbps?: number | undefined;
  readonly ratePolicy?: RatePolicy | undefined;
  /** Weakest encryption on the way: `none`, `aes-128`, `aes-256`. */
  readonly cipher?: string | undefined;
  /** Encrypts files at rest on upload and decrypts them on download, with this passphrase. */
  readonly contentProtection?: { readonly mode: 'ENCRYPT' | 'DECRYPT'; readonly password: string } | undefined;
  readonly cookie?: string | undefined;
  readonly tags?: JsonObject | undefined;
  readonly title?: string | undefined;
}

/** What a transfer spec is asked for. */
export interface SpecRequest extends SpecOptions {
  readonly paths: readonly { readonly source?: string | undefined; readonly destination?: string | undefined }[];
  /** Folder that the sources are relative to. */
  readonly sourceRoot?: string | undefined;
  /** Folder that is written to. */
  readonly destinationRoot?: string | undefined;
}

/** Which way a synchronization goes, seen from the client. */
export type SyncDirection = 'PUSH' | 'PULL' | 'BOTH';

/** A token that the gateway makes or has by itself: one in the viewer's name, or the secret of an access key. */
export type OwnTokenKind = 'BEARER' | 'BASIC';

/** What a spec is made for without asking the node: everything is relative to a folder that an id names. */
export interface OwnSpecRequest extends SpecOptions {
  readonly kind: OwnTokenKind;
  readonly direction: 'SEND' | 'RECEIVE';
  readonly folderId: string;
  /** Refuse when the source is configured with another one. */
  readonly accessKey?: string | undefined;
  readonly paths: readonly { readonly source?: string | undefined; readonly destination?: string | undefined }[];
}
