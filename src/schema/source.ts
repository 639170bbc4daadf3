import { listSources, type SourceEntry, type SourceHealth, type SourceKind } from '../resolvers/sources.ts';
import { builder } from './builder.ts';
import { describedValues } from './describe-enum.ts';

const sourceKind = builder.enumType('SourceKind', {
  description: 'The product behind a source.',
  values: describedValues<SourceKind>({
    FASPEX: 'IBM Aspera Faspex 5: packages between people.',
    NODE: 'An IBM Aspera node (High-Speed Transfer Server): files and transfers.',
    FAIRCOM: 'A FairCom server: databases of records.',
    TRANSFERD: 'An IBM Aspera transfer daemon: transfers with the files of its machine.',
  }),
});

export const sourceHealth = builder.objectRef<SourceHealth>('SourceHealth').implement({
  description: 'Whether a source answers, found out by asking it now.',
  fields: (t) => ({
    reachable: t.exposeBoolean('reachable', {
      description: 'Whether it answered and accepted the credential of the gateway, where the gateway has one for it.',
    }),
    latencyMs: t.exposeFloat('latencyMs', {
      nullable: true,
      description: 'Milliseconds that the answer took; null when there was none.',
    }),
    version: t.exposeString('version', {
      nullable: true,
      description: 'Version of the server; null when it did not say.',
    }),
    detail: t.exposeString('detail', {
      nullable: true,
      description: 'What is wrong, or worth knowing, in a sentence; null when there is nothing.',
    }),
    credentialExpiresAt: t.expose('credentialExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the credential of the gateway ends; null when it does not, or none is held now.',
    }),
  }),
});

const source = builder.objectRef<SourceEntry>('Source').implement({
  description: 'A server that the gateway is configured to talk to.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name: the value for arguments called `source`.' }),
    kind: t.expose('kind', { type: sourceKind, description: 'The product behind it.' }),
    url: t.exposeString('url', { description: 'Its address; of a transfer daemon, host and port.' }),
    health: t.field({
      type: sourceHealth,
      description: 'Whether it answers now. Each source is asked by one call.',
      resolve: (entry, _args, context) => entry.check(context.signal),
    }),
  }),
});

builder.queryField('sources', (t) =>
  t.field({
    type: [source],
    description: 'The servers that the gateway is configured to talk to.',
    args: { kind: t.arg({ type: sourceKind, description: 'Only sources of this kind; all when left out.' }) },
    resolve: (_root, { kind }, context) => listSources(context, kind),
  }),
);
