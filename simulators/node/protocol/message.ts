import type { Fields } from '../fields.ts';

/** Sizes that the sending side found when it looked through its sources. */
export interface Precalculation {
  readonly bytes: number;
  readonly files: number;
  readonly directories: number;
  readonly special: number;
  readonly failed: number;
}

/** What the client asks for when it connects; `README.md` beside this file describes the exchange. */
export interface Hello {
  readonly type: 'hello';
  readonly version: 1;
  /** From the client's view: `send` writes to the server. */
  readonly direction: 'send' | 'receive';
  readonly token?: string;
  readonly user?: string;
  readonly password?: string;
  /** Signature of user and session by a private key of the user, in Base64. */
  readonly keyProof?: string;
  /** The session's id, the same in both ends' records. */
  readonly sessionId: string;
  readonly clientNodeId: string;
  readonly cookie?: string;
  readonly tags?: Fields;
  /** `send`: where each source goes on the server, as a path of its storage root. */
  readonly destinations: readonly string[];
  /** `send`: the folder that all destinations lie in; made when missing unless `createFolder` is false. */
  readonly destinationRoot: string;
  readonly createFolder: boolean;
  /** `receive`: paths of the server's storage root, and the name that each gets at the client. */
  readonly sources: readonly { readonly path: string; readonly target: string }[];
  readonly precalculate: boolean;
  readonly targetRateKbps: number;
  readonly minRateKbps: number;
  readonly overwrite: string;
  readonly resumePolicy: string;
  readonly preserveTimes: boolean;
  readonly symlinkPolicy: string;
  /** What the sender deletes of its sources once it has arrived. */
  readonly removeSources: 'nothing' | 'files' | 'folders';
  readonly retryCount: number;
  /** Shown in the server's own record (`start_spec`); nothing is decided by it. */
  readonly spec: Fields;
}

export interface Welcome {
  readonly type: 'welcome';
  readonly serverNodeId: string;
  readonly serverClusterId: string;
  readonly serverAccessKey?: string;
  readonly serverUser?: string;
  readonly tokenType: string;
}

export interface Checksum {
  readonly kind: 'none' | 'sparse' | 'full';
  readonly digest: string;
}

export type Message =
  | Hello
  | Welcome
  | {
      readonly type: 'abort';
      readonly code: number;
      readonly description: string;
      readonly outcome: string;
      readonly isRefusal: boolean;
    }
  | { readonly type: 'rate'; readonly targetRateKbps: number; readonly minRateKbps: number }
  | ({ readonly type: 'total' } & Precalculation)
  | { readonly type: 'directory'; readonly path: string }
  | { readonly type: 'file'; readonly path: string; readonly size: number; readonly modifiedMs: number }
  /** The receiver wants the file; `bytes` of it are there already, with this checksum. */
  | { readonly type: 'need'; readonly bytes: number; readonly isWhole: boolean; readonly checksum: Checksum }
  | { readonly type: 'start'; readonly offset: number }
  | { readonly type: 'same' }
  | { readonly type: 'fileEnd' }
  | { readonly type: 'done' }
  | { readonly type: 'skip' }
  | { readonly type: 'failed'; readonly code: number; readonly description: string }
  | { readonly type: 'end'; readonly code: number; readonly description: string };
