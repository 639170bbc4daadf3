import type { Secret } from '../config/secret.ts';
import type { RequestBudget } from './request-budget.ts';
import type { Signal } from './signal.ts';

/** A token of a source that somebody has sent along with their request. */
export interface CallerToken {
  /** The request header that it came in. */
  readonly header: string;
  readonly value: Secret;
  /** The same for the same token; who does not have the gateway's key cannot find the token by it. */
  readonly digest: string;
}

/** Whom a source is called for: a person by the name that it knows them by, or whoever their token is of. */
export type Actor = { readonly subject: string } | { readonly token: CallerToken };

/**
 * In whose name an upstream call is made: base URL, client, subject and scope of the credential in force. It keys
 * every token, flight, loader, poll and event group. Two calls with different keys never share anything. The key is made
 * of the configuration and of the subject or the digest of a caller's token alone, so it is the same in all processes of
 * one gateway.
 */
export interface UpstreamIdentity {
  readonly key: string;
  /** The person the source sees, e.g. `user:ada@example.com`; undefined for the gateway's own credential. */
  readonly subject: string | undefined;
  /** What its calls are made with, where that is a caller's own token. */
  readonly token?: CallerToken | undefined;
}

/** One call to a source, before the credential is added. */
export interface UpstreamRequest {
  /** Name for logs, e.g. `node.browsePath`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** Path below the source's URL; every variable part already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON body. */
  readonly json?: unknown;
  /** A form body (application/x-www-form-urlencoded). */
  readonly form?: Readonly<Record<string, string>>;
  /** Whether repeating the call is harmless. The HTTP method decides nothing: these vendors read by POST. */
  readonly repeat: 'safe' | 'never';
  /** Deadline for this call, where the source's own is too short for it. */
  readonly deadlineMs?: number;
}

export type QueryValue = string | number | boolean | undefined | readonly string[];

/** What a source answered, whatever its status: `body` is the parsed JSON, undefined when the body was empty. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** The circumstances of a call: whose it is, when to give up, and what it may still spend. */
export interface Call {
  readonly identity: UpstreamIdentity;
  readonly signal?: Signal | undefined;
  readonly budget?: RequestBudget | undefined;
}

export type Send = (request: UpstreamRequest, call: Call) => Promise<UpstreamResponse>;

/** A credential as it is put on a request. */
export interface Credential {
  apply(request: UpstreamRequest): UpstreamRequest;
  /** When it stops being valid, in milliseconds since 1970; undefined when that is not known. */
  readonly expiresAtMs: number | undefined;
}

/** How a source proves who calls it. Made by the source's auth.ts. */
export interface TokenProvider {
  /** The credential for this identity: cached, renewed early, fetched once however many ask. */
  credential(call: Call): Promise<Credential> | Credential;
  /** Whether the source refused the credential without executing anything. */
  isRefused(response: UpstreamResponse): boolean;
  /** Forgets a refused credential. False when there is no other to be had, as for a password. */
  forget(identity: UpstreamIdentity, refused: Credential): boolean;
}
