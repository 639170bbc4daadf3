import { buildSchema, type GraphQLError, graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutValue } from '../../src/server/variable-error.ts';

const schema = buildSchema(`
  enum Colour { RED GREEN }
  input Spec { token: String, count: Int!, colour: Colour, inner: [Spec!] }
  type Query { start(spec: Spec, colour: Colour, first: Int): String }
`);

const token = 'hunter2; at "first.token"; value: and more';

/** What is said about variables that do not fit, by graphql and by us. */
async function say(declared: string, used: string, variables: Record<string, unknown>) {
  const source = `query (${declared}) { start(${used}) }`;
  const { errors = [] } = await graphql({ schema, source, variableValues: variables });
  const [error] = errors as [GraphQLError];
  return { theirs: error.message, ours: withoutValue(error) };
}

describe('a sentence about a variable', () => {
  it.each([
    [
      'a wrong scalar',
      '$first: Int',
      'first: $first',
      { first: token },
      '$first',
      'Int cannot represent non-integer value.',
    ],
    [
      'a wrong enum',
      '$colour: Colour',
      'colour: $colour',
      { colour: token },
      '$colour',
      'There is no such value in "Colour" enum.',
    ],
    ['no object', '$spec: Spec', 'spec: $spec', { spec: token }, '$spec', 'Expected type "Spec" to be an object.'],
    [
      'a field that is missing',
      '$spec: Spec',
      'spec: $spec',
      { spec: { token } },
      '$spec',
      'Field "count" of required type "Int!" was not provided.',
    ],
    [
      'a field too many',
      '$spec: Spec',
      'spec: $spec',
      { spec: { token, count: 1, mine: 1 } },
      '$spec',
      'Field "mine" is not defined by type "Spec".',
    ],
  ])('does not repeat the value: %s', async (_what, declared, used, variables, name, reason) => {
    const { theirs, ours } = await say(declared, used, variables);
    expect(theirs).toContain('hunter2');
    expect(ours).not.toContain('hunter2');
    expect(ours).toBe(`Variable "${name}" got an invalid value. ${reason}`);
  });

  it('says where in the value it is', async () => {
    const spec = {
      count: 1,
      inner: [
        { count: 1, token },
        { token, count: token },
      ],
    };
    const { ours } = await say('$spec: Spec', 'spec: $spec', { spec });
    expect(ours).toBe(
      'Variable "$spec" got an invalid value at "spec.inner[1].count". Int cannot represent non-integer value.',
    );
  });

  it('is left alone when it is about something else', async () => {
    const { theirs, ours } = await say('$first: Int!', 'first: $first', {});
    expect(ours).toBe(theirs);
  });

  it('tells nothing more than that where the reason is not known', () => {
    expect(withoutValue({ message: `Variable "$a" got invalid value "${token}"; no`, originalError: undefined })).toBe(
      'Variable "$a" got an invalid value.',
    );
  });
});
