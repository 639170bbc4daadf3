import type { SourceError } from '../../../transport/source-error.ts';

/** A part of a list. One item that cannot be read is an error in its place. */
export interface Page<T, Next = string> {
  readonly items: readonly (T | SourceError)[];
  /** Where the next page starts; undefined on the last one. */
  readonly next: Next | undefined;
  /** How many there are altogether; undefined where the node does not count. */
  readonly total: number | undefined;
}

/** Whether a source answers and takes the gateway's own credential, as of now. */
export interface SourceHealth {
  readonly reachable: boolean;
  readonly latencyMs: number;
  /** Version of the server software; undefined when it did not answer. */
  readonly version: string | undefined;
  /** What is wrong or worth knowing, in a sentence. */
  readonly detail: string | undefined;
  /** When the gateway's own credential ends; undefined when it does not. */
  readonly credentialExpiresAt: Date | undefined;
}

/** What a node says of one of its switches or abilities. */
export interface NodeSetting {
  readonly name: string;
  /** true, false or a word, as text; undefined when the node says null. */
  readonly value: string | undefined;
}

/** What a node says of itself. */
export interface NodeInfo {
  /** Unique id of the node. */
  readonly nodeId: string | undefined;
  readonly clusterId: string | undefined;
  /** Version of the server software, e.g. `4.4.5.1646`. */
  readonly version: string | undefined;
  /** The node's clock when it answered. */
  readonly currentTime: Date | undefined;
  /** Operating system, as `uname` names it. */
  readonly operatingSystem: string | undefined;
  /** System user in whose name transfers run. */
  readonly transferUser: string | undefined;
  /** Folder or storage that all paths are relative to; undefined when there is none. */
  readonly docroot: string | undefined;
  /** Day on which the licence ends, `YYYY-MM-DD`. */
  readonly licenseExpiresOn: string | undefined;
  /** Highest rate that the licence allows, in the node's words. */
  readonly licenseMaxRate: string | undefined;
  /** Permissions of the credential in use, e.g. `admin`, `impersonation`. */
  readonly acls: readonly string[];
  readonly capabilities: readonly NodeSetting[];
  readonly settings: readonly NodeSetting[];
}
