import { describe, expect, it } from 'vitest';
import { createTokenReader } from '../../../src/context/upstream-tokens.ts';
import type { FaspexSource } from '../../../src/sources/faspex/source.ts';
import { failure, openSource, rawPackage, startServer } from './fixture.ts';

const HEADER = 'x-faspex-token';
const reader = createTokenReader([HEADER], 'ownership-key-0123456789');
const settings = {
  ...{ actAs: 'forward', tokenHeader: HEADER },
  ...{ clientId: undefined, privateKey: undefined, serviceUser: undefined },
};

function identityOf(faspex: FaspexSource, value: string) {
  const token = reader.read(() => value)(HEADER);
  return faspex.identify(token && { token });
}

const packageOf = (faspex: FaspexSource, token: string) =>
  faspex.open({ identity: identityOf(faspex, token) }).package('43');

/** A server that tells in every package with which credential it was asked for. */
const startTellTale = () =>
  startServer(({ headers }) => ({ json: rawPackage({ title: String(headers.authorization) }) }));

describe('a Faspex source that is called with its callers’ tokens', () => {
  it('sends each as it came, and asks for none', async () => {
    await using server = await startTellTale();
    await using source = openSource(server.url, settings);
    const titles = await Promise.all(['abc', 'def'].map((token) => packageOf(source.faspex, token)));
    expect(titles.map(({ title }) => title)).toEqual(['Bearer abc', 'Bearer def']);
    expect(server.received.map(({ path }) => path)).toEqual(['/api/v5/packages/43', '/api/v5/packages/43']);
  });

  it('has an identity for each token, of which the key tells nothing', async () => {
    await using source = openSource('http://127.0.0.1:9/aspera/faspex', settings);
    const [one, same, other] = ['YWRhOmh1c2g=', 'YWRhOmh1c2g=', 'abc'].map((token) => identityOf(source.faspex, token));
    expect(one?.key).toBe(same?.key);
    expect(one?.key).not.toBe(other?.key);
    expect(one?.key).toContain('http://127.0.0.1:9/aspera/faspex');
    expect(JSON.stringify(one)).not.toContain('YWRhOmh1c2g');
    expect(one?.subject).toBeUndefined();
  });

  it('tells whose token is refused, and asks once', async () => {
    await using server = await startServer(() => ({ status: 401, json: { code: '1003', message: 'abc is unknown' } }));
    await using source = openSource(server.url, { ...settings, retries: 2 });
    const error = await failure(packageOf(source.faspex, 'abc'));
    expect(error).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', source: 'faspex', retryable: false });
    expect(error.message).toBe(
      'faspex refused the token that you sent in x-faspex-token. Send one that is valid there.',
    );
    expect(server.received).toHaveLength(1);
  });

  it('says that the caller may not do it where the token is good and its rights do not suffice', async () => {
    await using server = await startServer(() => ({ status: 401, json: { code: '1027', message: 'No, abc.' } }));
    await using source = openSource(server.url, settings);
    const error = await failure(packageOf(source.faspex, 'abc'));
    expect(error.code).toBe('SOURCE_FORBIDDEN');
    expect(error.message).toContain('No, [removed].');
  });

  it('has no credential of its own, and says so to whoever needs one', async () => {
    await using server = await startTellTale();
    await using source = openSource(server.url, settings);
    const { faspex } = source;
    const error = await failure(faspex.open({ identity: faspex.identify(undefined) }).package('43'));
    expect(error).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED', message: expect.stringContaining('no credential') });
    expect(server.received).toEqual([]);
  });

  it('has one where it is configured, which no caller’s call is made with', async () => {
    await using server = await startServer(({ path, headers }) =>
      path === '/auth/token'
        ? { json: { access_token: 'own', expires_in: 3600 } }
        : { json: rawPackage({ title: String(headers.authorization) }) },
    );
    await using source = openSource(server.url, { actAs: 'forward', tokenHeader: HEADER });
    const { faspex } = source;
    const own = await faspex.open({ identity: faspex.identify(undefined) }).package('43');
    expect(own.title).toBe('Bearer own');
    expect((await packageOf(faspex, 'abc')).title).toBe('Bearer abc');
  });
});
