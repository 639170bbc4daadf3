import type { Projection } from './check-answers.ts';
import type { DialectName } from './operations.ts';
import type { Upstream } from './upstream.ts';

/** Where a server is to be started, and in front of what. */
export interface Place {
  readonly port: number;
  readonly upstream: Upstream;
  /** For what it needs in files. */
  readonly folder: string;
}

/** One of those who race. */
export interface Entrant {
  readonly name: string;
  readonly label: string;
  /** `peer`: a framework that the gateway is to be ahead of. `bound`: what no framework can be faster than. */
  readonly role: 'floor' | 'gateway' | 'bound' | 'peer';
  readonly dialect: DialectName;
  /** Arguments for Node.js that start it. */
  args(place: Place): readonly string[] | Promise<readonly string[]>;
  readonly env?: Readonly<Record<string, string>>;
  /** What of an answer is compared, where a server cannot answer as the others do, and what is left out by that. */
  readonly projection?: { readonly project: Projection; readonly leavesOut: string };
}
