import type { Viewer } from '../identity/viewer.ts';
import { builder } from './builder.ts';

const viewer = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who is calling: you.',
  fields: (t) => ({
    viewerId: t.exposeString('id', { description: 'The same for the same caller, always.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'Name to show; null where your credential holds none.',
    }),
    scopes: t.stringList({
      description: 'What you may do, e.g. `transfer.read`. Fields that you may not use answer FORBIDDEN.',
      resolve: ({ scopes }) => [...scopes].sort(),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When your credential ends; null for an API key.',
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: viewer,
    description: 'Who is calling, and with which rights.',
    resolve: (_root, _args, context) => context.viewer,
  }),
);
