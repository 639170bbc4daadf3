import { type SubjectRule, subjectFor } from '../identity/subject.ts';
import type { Viewer } from '../identity/viewer.ts';
import type { Call, UpstreamIdentity } from '../transport/upstream.ts';

/** What every source offers to an operation. */
export interface OpenableSource<Client, Loaders> {
  readonly name: string;
  readonly config: SubjectRule | { readonly actAs: 'service' };
  identify(subject: string | undefined): UpstreamIdentity;
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
 * Binds a source to a viewer: decides whom it acts for, and makes loaders that live as long as the operation.
 * @throws SubjectRefused when the viewer may not be acted for at this source
 */
export function bindSource<Client, Loaders, Source extends OpenableSource<Client, Loaders>>(
  source: Source & OpenableSource<Client, Loaders>,
  viewer: Viewer,
  call: Omit<Call, 'identity'>,
): BoundSource<Source, Client, Loaders> {
  const { config } = source;
  const identity = source.identify(config.actAs === 'viewer' ? subjectFor(viewer, config) : undefined);
  const client = source.open({ ...call, identity });
  return { source, identity, client, loaders: source.createLoaders(client) };
}
