import type { Scope } from './scopes.ts';

/** The authenticated caller of an operation. */
export interface Viewer {
  /** The same for the same caller, always: `key:<name>` for an API key, JSON of `[issuer, sub]` for a JWT. */
  readonly id: string;
  /** Name to show; undefined where the credential holds none. */
  readonly name: string | undefined;
  readonly scopes: ReadonlySet<Scope>;
  /** What the issuer says about the caller; for an API key what the operator configured for it. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Who vouches for the claims; undefined for an API key. */
  readonly issuer: string | undefined;
  /** When the credential stops being valid; undefined for an API key. */
  readonly expiresAt: Date | undefined;
}
