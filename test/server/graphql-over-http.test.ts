import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../helpers/start-stack.ts';
import { keyOf } from './stack-key.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** As any HTTP client calls the gateway: the audits themselves know nothing of credentials. */
const fetchWithKey = (url: string, init: RequestInit = {}) => {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${keyOf(stack)}`);
  return fetch(url, { ...init, headers });
};

const audits = serverAudits({ url: () => stack.url, fetchFn: fetchWithKey });

describe('the GraphQL over HTTP specification, as graphql-http audits it', () => {
  it('has 61 audits', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status, 'reason' in result ? result.reason : undefined).toBe('ok');
  });
});
