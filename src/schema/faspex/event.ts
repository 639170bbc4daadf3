import type { FaspexEvent } from '../../sources/faspex/types.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { needs } from '../scope.ts';
import { person } from './recipient.ts';

const event = builder.objectRef<FaspexEvent>('FaspexEvent').implement({
  description: 'An entry of the audit trail of a Faspex server: who did what, and when.',
  ...needs('faspex.read'),
  fields: (t) => ({
    eventId: t.exposeString('eventId', { description: 'Id that the server gave to it.' }),
    eventType: t.exposeString('eventType', {
      description: 'What happened, in the words of the server, e.g. `package_sent`.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it happened; null when not told.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description: 'What happened, in a sentence of the server; null when there is none.',
    }),
    application: t.exposeString('application', {
      nullable: true,
      description: 'Part of the server that noted it; null when not told.',
    }),
    fileName: t.exposeString('fileName', {
      nullable: true,
      description: 'Name of the file that it is about; null when it is about none.',
    }),
    value: t.exposeString('value', {
      nullable: true,
      description: 'What something was changed to; null when nothing was.',
    }),
    previousValue: t.exposeString('previousValue', {
      nullable: true,
      description: 'What it was before; null when nothing was changed.',
    }),
    people: t.expose('users', {
      type: [person],
      description: 'Who did it, or to whom it happened; empty when the server itself did it.',
    }),
  }),
});

export const eventConnection = connectionOf<FaspexEvent>('FaspexEvent', event, 'entries of an audit trail');
