/** What a request asks for, in the parameters of GraphQL over HTTP §6.3. */
export interface RequestParameters {
  readonly query: string;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

const isOptional = (value: unknown, type: 'string' | 'object') =>
  value === undefined || value === null || (typeof value === type && !Array.isArray(value));

const known: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions']);

/** The parameters in the text of a body; undefined when anything about them is out of the ordinary. */
export function readParameters(body: string): RequestParameters | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { query, operationName, variables, extensions } = value as Record<string, unknown>;
  const isOrdinary =
    typeof query === 'string' &&
    isOptional(operationName, 'string') &&
    isOptional(variables, 'object') &&
    isOptional(extensions, 'object') &&
    Object.keys(value).every((name) => known.has(name));
  return isOrdinary ? ({ query, operationName, variables } as RequestParameters) : undefined;
}
