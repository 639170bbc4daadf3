import { brandWithType } from '@pothos/core';
import {
  ConflictError,
  InvalidInputError,
  type MutationError,
  NotAllowedError,
  NotFoundError,
  SourceFailedError,
} from '../resolvers/errors.ts';
import { builder } from './builder.ts';

export const errorInterface = builder.interfaceRef<MutationError>('Error').implement({
  description: 'Why a mutation did not do what was asked. Every error result of a mutation implements this.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'One sentence for a person: what is wrong and what to do.' }),
    code: t.exposeString('code', { description: 'A stable code for programs, e.g. `NOT_FOUND`.' }),
    source: t.string({
      nullable: true,
      description: 'Name of the source where it failed; null when the gateway itself refused.',
      resolve: (error) => error.source ?? null,
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same request may succeed later without any change.',
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'The thing is not there, or is not yours to see.',
  interfaces: [errorInterface],
});
builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input cannot be accepted as it is; the message says what to change.',
  interfaces: [errorInterface],
});
builder.objectType(ConflictError, {
  name: 'ConflictError',
  description: 'It exists already, or has changed since you read it.',
  interfaces: [errorInterface],
});
builder.objectType(NotAllowedError, {
  name: 'NotAllowedError',
  description: 'The source does not let you do this.',
  interfaces: [errorInterface],
});
builder.objectType(SourceFailedError, {
  name: 'SourceFailedError',
  description:
    'The source could not be reached, refused its credential or answered nonsense. Nothing is known to have been done.',
  interfaces: [errorInterface],
});

const types = [NotFoundError, InvalidInputError, ConflictError, NotAllowedError, SourceFailedError];

/**
 * Makes a mutation's result the union `<Name>Result` of its success type and the errors that a caller can act on.
 * @param more errors that only this mutation can have
 */
export const resultUnion = (name: string, more: readonly (new (...args: never[]) => MutationError)[] = []) => ({
  types: [...types, ...more] as (new (...args: unknown[]) => MutationError)[],
  union: {
    name: `${name}Result`,
    description: `What ${name[0]?.toLowerCase()}${name.slice(1)} gives: its success, or why not.`,
  },
});

/** An error in a field of its own, where an Error object would count as thrown: the same without being one. */
export function shownError(error: MutationError | undefined): MutationError | null {
  if (!error) return null;
  const shown = { ...error, name: error.name, message: error.message };
  brandWithType(shown, error.constructor as never);
  return shown;
}
