import { GraphQLError } from 'graphql';
import type { Demand } from './demand.ts';

export interface Limits {
  readonly depth: number;
  readonly cost: number;
  /** Aliases, and fields that one selection repeats: both multiply an answer by very little text. */
  readonly aliases: number;
  /** Largest `first` of a connection, and most `ids` of a field. */
  readonly pageSize: number;
}

const refuse = (code: string, message: string) => new GraphQLError(message, { extensions: { code } });

const tooDeep = (depth: number, limit: number) =>
  refuse('QUERY_TOO_DEEP', `This operation is ${depth} levels deep; at most ${limit} are allowed.`);

const tooManyAliases = (aliases: number, limit: number) =>
  refuse('TOO_MANY_ALIASES', `This operation has ${aliases} aliases or repeated fields; at most ${limit} are allowed.`);

const tooExpensive = (cost: number, limit: number) =>
  refuse(
    'QUERY_TOO_EXPENSIVE',
    `This operation may cost ${cost}; at most ${limit} is allowed. Ask for smaller pages or fewer nested lists.`,
  );

const forbidden = (scope: string) =>
  refuse('FORBIDDEN', `This operation needs the scope ${scope}, which you do not have.`);

/** Why an operation must not run with these variables, for a viewer with these scopes; no errors mean that it may. */
export function admit(
  demand: Demand,
  limits: Limits,
  {
    variables,
    scopes,
  }: { readonly variables: Readonly<Record<string, unknown>>; readonly scopes: ReadonlySet<string> },
): readonly GraphQLError[] {
  const { depth, aliases } = demand;
  const { cost, errors } = demand.weigh(variables);
  return [
    ...errors,
    ...(depth > limits.depth ? [tooDeep(depth, limits.depth)] : []),
    ...(aliases > limits.aliases ? [tooManyAliases(aliases, limits.aliases)] : []),
    ...(cost > limits.cost ? [tooExpensive(cost, limits.cost)] : []),
    ...demand.scopes.filter((scope) => !scopes.has(scope)).map(forbidden),
  ];
}
