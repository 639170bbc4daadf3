import { refusal } from './errors.ts';

/** A query parameter that is `true` or `false`; undefined when it is not sent. */
export function queryBoolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (text !== 'true' && text !== 'false') throw refusal(400, `Invalid parameter ${name}`);
  return text === 'true';
}

/** A query parameter that is an ISO time, in milliseconds since 1970. */
export function queryTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw refusal(400, `Invalid parameter ${name}`);
  return milliseconds;
}

/** A query parameter that is one of a few words. */
export function queryChoice(query: URLSearchParams, name: string, choices: readonly string[]): string | undefined {
  const text = query.get(name);
  if (text !== null && !choices.includes(text)) throw refusal(400, `Invalid parameter ${name}`);
  return text ?? undefined;
}

/** The `Link` to the next page: the same request with the token that continues after this one. */
export function nextLink(origin: string, path: string, query: URLSearchParams, next: number): string {
  const following = new URLSearchParams(query);
  following.set('iteration_token', String(next));
  return `<${origin}${path}?${following}>; rel="next"`;
}
