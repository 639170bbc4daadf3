import type { GraphQLError } from 'graphql';

const VARIABLE = /^Variable "\$(\w+)" got invalid value /;

/** Sentences of graphql about enums and scalars begin or end with the value. */
const sentenceOf = (reason: string) =>
  reason
    .replace(/^Value "[\s\S]*" does not exist in /, 'There is no such value in ')
    .replace(/ value: [\s\S]*$/, ' value.');

/**
 * What graphql says about the value of a variable, without the value. It repeats the value, which may be a transfer
 * spec with its token, or hold a password; and error messages are what client programs log.
 */
export function withoutValue({ message, originalError }: Pick<GraphQLError, 'message' | 'originalError'>): string {
  const name = VARIABLE.exec(message)?.[1];
  if (name === undefined) return message;
  const reason = originalError?.message ?? '';
  const ending = `; ${reason}`;
  const head = message.endsWith(ending) ? message.slice(0, -ending.length) : '';
  const place = / at "([\w.[\]]+)"$/.exec(head)?.[1];
  const where = place === undefined ? '' : ` at "${place}"`;
  return `Variable "$${name}" got an invalid value${where}. ${sentenceOf(reason)}`.trimEnd();
}
