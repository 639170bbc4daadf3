import { SubjectRefused, type SubjectRule, subjectFor } from '../identity/subject.ts';
import type { Viewer } from '../identity/viewer.ts';
import { SourceError } from '../transport/source-error.ts';
import type { Actor } from '../transport/upstream.ts';
import { UnusableToken, type UpstreamTokens } from './upstream-tokens.ts';

/** Who calls, and what they have sent along for the sources. */
export interface Caller {
  readonly viewer: Viewer;
  /** Undefined where no source is called with tokens of its callers. */
  readonly upstreamTokens?: UpstreamTokens | undefined;
}

/** The part of a source's configuration that says whom it acts for. */
export type ActingRule =
  | { readonly actAs: 'service' }
  | (SubjectRule & { readonly actAs: 'service' | 'viewer' | 'forward'; readonly tokenHeader?: string | undefined });

interface ActingSource {
  readonly name: string;
  readonly config: ActingRule;
}

function tokenFor({ upstreamTokens }: Caller, source: string, header: string): Actor {
  try {
    const token = upstreamTokens?.(header);
    if (token) return { token };
  } catch (error) {
    if (!(error instanceof UnusableToken)) throw error;
    throw new SourceError('BAD_INPUT', `${header} ${error.message}`, { source, cause: error });
  }
  throw new SubjectRefused(`${source} is called with your own token: send it in the header ${header}.`);
}

/**
 * Whom a source is called for when this caller uses it; undefined means with the gateway's own credential.
 * @throws SubjectRefused when the caller cannot be named there, or has sent no token for it
 * @throws SourceError BAD_INPUT when what they sent cannot be a token
 */
export function actorFor(caller: Caller, { name, config }: ActingSource): Actor | undefined {
  if (config.actAs === 'service') return undefined;
  if (config.actAs === 'viewer') return { subject: subjectFor(caller.viewer, config) };
  return tokenFor(caller, name, config.tokenHeader ?? '');
}
