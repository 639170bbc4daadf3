import type { Actor, Call, UpstreamIdentity } from '../transport/upstream.ts';
import { type ActingRule, actorFor, type Caller } from './actor.ts';

/** What every source offers to an operation. */
export interface OpenableSource<Client, Loaders> {
  readonly name: string;
  readonly config: ActingRule;
  identify(actor: Actor | undefined): UpstreamIdentity;
  open(call: Call): Client;
  createLoaders(client: Client): Loaders;
}

/** A source as one operation of one viewer uses it. */
export interface BoundSource<Source, Client, Loaders> {
  readonly source: Source;
  readonly identity: UpstreamIdentity;
  readonly client: Client;
  readonly loaders: Loaders;
}

/**
 * Binds a source to a caller: decides whom it acts for, and makes loaders that live as long as the operation.
 * @throws SubjectRefused when the caller may not be acted for at this source, or has sent no token for it
 * @throws SourceError BAD_INPUT when what they sent cannot be a token
 */
export function bindSource<Client, Loaders, Source extends OpenableSource<Client, Loaders>>(
  source: Source & OpenableSource<Client, Loaders>,
  caller: Caller,
  call: Omit<Call, 'identity'>,
): BoundSource<Source, Client, Loaders> {
  const identity = source.identify(actorFor(caller, source));
  const client = source.open({ ...call, identity });
  return { source, identity, client, loaders: source.createLoaders(client) };
}
