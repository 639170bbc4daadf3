import { describe, expect, it } from 'vitest';
import { createSecret } from '../../src/config/secret.ts';
import { forwardTokens } from '../../src/transport/forward-tokens.ts';
import { SourceError } from '../../src/transport/source-error.ts';
import type { Transport } from '../../src/transport/transport.ts';
import type {
  TokenProvider,
  UpstreamIdentity,
  UpstreamRequest,
  UpstreamResponse,
} from '../../src/transport/upstream.ts';

const read: UpstreamRequest = { operation: 'test.read', method: 'GET', path: '/thing', repeat: 'safe' };

const holderOf = (token: string): UpstreamIdentity => ({
  key: `digest of ${token}`,
  subject: undefined,
  token: { header: 'x-test-token', value: createSecret(token), digest: `digest of ${token}` },
});

/** The gateway's own credential, which is renewed when it is refused. */
function ownCredential() {
  let renewals = 0;
  const provider: TokenProvider = {
    credential: async () => {
      const authorization = `Own ${renewals}`;
      return { apply: (request) => ({ ...request, headers: { authorization } }), expiresAtMs: undefined };
    },
    isRefused: ({ status }) => status === 401,
    forget: () => {
      renewals += 1;
      return true;
    },
  };
  return { provider, renewals: () => renewals };
}

/** A source that answers as a test wants; `sent` are the credentials that came. */
function open(answer: (authorization: string, request: UpstreamRequest) => Partial<UpstreamResponse>) {
  const sent: string[] = [];
  const transport: Transport = {
    send: async (request) => {
      const authorization = request.headers?.authorization ?? '';
      sent.push(authorization);
      // Others may ask meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      return { status: 200, headers: {}, body: authorization, ...answer(authorization, request) };
    },
    close: async () => undefined,
  };
  const own = ownCredential();
  const headersOf = (token: string) => ({ authorization: `Test ${token}` });
  const send = forwardTokens({ source: 'london', headersOf }, transport, own.provider);
  const ask = async (identity: UpstreamIdentity, request = read) => (await send(request, { identity })).body;
  return { ask, sent, renewals: own.renewals };
}

const gateway: UpstreamIdentity = { key: 'own', subject: undefined };

describe('a call with a token of its caller', () => {
  it('carries that token as the source wants it, and one without carries the gateway’s own', async () => {
    const { ask } = open(() => ({}));
    expect(await ask(holderOf('abc'))).toBe('Test abc');
    expect(await ask(gateway)).toBe('Own 0');
  });

  it('is shared by those with the same token who ask the same, and by nobody else', async () => {
    const { ask, sent } = open(() => ({}));
    const answers = await Promise.all(['abc', 'def', 'abc'].map((token) => ask(holderOf(token))));
    expect(answers).toEqual(['Test abc', 'Test def', 'Test abc']);
    expect(sent.toSorted()).toEqual(['Test abc', 'Test def']);
  });

  it('is made once when the token is refused, and the gateway’s own credential is neither lent nor renewed', async () => {
    const { ask, sent, renewals } = open((authorization) =>
      authorization === 'Test old' ? { status: 401, body: { message: 'old is no token' } } : {},
    );
    const [refused, kept] = await Promise.allSettled([ask(holderOf('old')), ask(holderOf('new'))]);
    expect(refused).toEqual({
      status: 'rejected',
      reason: new SourceError(
        'SOURCE_UNAUTHENTICATED',
        'london refused the token that you sent in x-test-token. Send one that is valid there.',
        { source: 'london' },
      ),
    });
    expect(kept).toEqual({ status: 'fulfilled', value: 'Test new' });
    expect([sent.length, renewals()]).toEqual([2, 0]);
  });

  it('that changes something is not made again either', async () => {
    const { ask, sent } = open(() => ({ status: 401 }));
    await expect(ask(holderOf('old'), { ...read, repeat: 'never' })).rejects.toMatchObject({
      code: 'SOURCE_UNAUTHENTICATED',
      retryable: false,
    });
    expect(sent).toEqual(['Test old']);
  });

  it.each([
    ['a refusal', { status: 403, body: { error: { text: ['You sent abc', 7] } } }],
    ['an error of status 200', { status: 200, body: { error: { text: ['You sent abc', 7] } } }],
  ])('is answered without the token where %s repeats it', async (_what, answer) => {
    const { ask } = open(() => answer);
    expect(await ask(holderOf('abc'))).toEqual({ error: { text: ['You sent [removed]', 7] } });
  });

  it('is answered as it is where nothing went wrong', async () => {
    const body = { token: 'abc', entries: [{ path: '/abc' }] };
    const { ask } = open(() => ({ body }));
    expect(await ask(holderOf('abc'))).toBe(body);
  });
});

describe('a call with the gateway’s own credential', () => {
  it('is made again with a new one when it is refused', async () => {
    const { ask, sent } = open((authorization) => (authorization === 'Own 0' ? { status: 401 } : {}));
    expect(await ask(gateway)).toBe('Own 1');
    expect(sent).toEqual(['Own 0', 'Own 1']);
  });
});
