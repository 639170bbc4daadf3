import { isDeepStrictEqual } from 'node:util';
import { type DialectName, dialects, type Operation } from './operations.ts';
import { GRAPHQL_PATH, headersOf } from './requests.ts';

/** The answers of one server to everything that is asked in the race. */
export interface Answers {
  readonly list: Answer;
  /** By the number of the package. */
  readonly points: readonly Answer[];
}

interface Answer {
  readonly json: unknown;
  /** Bytes of the body as it came. */
  readonly bytes: number;
}

export interface Questioner {
  readonly packageIds: readonly string[];
  /** Of as many callers as there are packages. */
  readonly gatewayTokens: readonly string[];
}

async function ask(port: number, operation: Operation, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${GRAPHQL_PATH}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation.operationName} is answered with ${response.status}: ${text}`);
  return { json: JSON.parse(text), bytes: Buffer.byteLength(text) };
}

/** Asks everything once, each thing as another caller. */
export async function collectAnswers(
  port: number,
  dialectName: DialectName,
  { packageIds, gatewayTokens }: Questioner,
): Promise<Answers> {
  const dialect = dialects[dialectName];
  const headers = (caller: number) => headersOf(caller, gatewayTokens[caller] ?? '');
  const list = await ask(port, dialect.list, headers(0));
  const points: Answer[] = [];
  for (const [caller, packageId] of packageIds.entries()) {
    points.push(await ask(port, dialect.point(packageId), headers(caller)));
  }
  return { list, points };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Where two values differ first, e.g. `data.faspex.package.title`, and how; undefined when they do not. */
export function firstDifference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (isDeepStrictEqual(expected, actual)) return undefined;
  if (isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    for (const name of names) {
      const place = path === '' ? name : `${path}.${name}`;
      const found = firstDifference(expected[name], actual[name], place);
      if (found !== undefined) return found;
    }
  }
  return `${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
}

/** What a server answers that must be compared: members of the answer under other names, or in another place. */
export type Projection = (json: unknown) => unknown;

/** @throws Error that names the first place where the answers differ */
export function compareAnswers(
  label: string,
  expected: Answers,
  actual: Answers,
  project: Projection = (json) => json,
) {
  const pairs = [
    { what: 'list', left: expected.list, right: actual.list },
    ...expected.points.map((left, index) => ({ what: `point ${index}`, left, right: actual.points[index] })),
  ];
  for (const { what, left, right } of pairs) {
    const difference = firstDifference(project(left.json), project(right?.json));
    if (difference !== undefined) throw new Error(`${label} answers ${what} otherwise than the floor. ${difference}`);
  }
}
