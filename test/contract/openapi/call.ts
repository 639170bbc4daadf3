import type { Answer } from './contract.ts';

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const jsonTypes = ['application/json', 'application/x-javascript', 'application/vnd.api+json'];

/** The media types that IBM's client parses; with any other it keeps a string and fails (aspera-node-api.md §1.1). */
export const isJsonType = (type: string | null): boolean =>
  jsonTypes.includes((type ?? '').split(';')[0]?.trim() ?? '');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One request, and what came back. */
export async function call(method: string, url: string, { body, headers = {} }: CallOptions = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = isJsonType(response.headers.get('content-type')) ? parsed(text) : undefined;
  return { status: response.status, headers: response.headers, text, json };
}
