import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { nodeConfig } from '../../../src/sources/node/config.ts';
import { rsaKeys } from './odd-node.ts';

const nodeUser = { username: 'ada', password: createSecret('engine-1843') };
const accessKey = { id: 'ak1', secret: createSecret('difference-1822') };
const basics = { name: 'london', url: 'https://london.example.com:9092/' };
const forward = { actAs: 'forward', tokenHeader: 'x-london-token', tokenAccessKey: 'ak1' };
const bearer = { accessKey: 'ak1', privateKey: createSecret(rsaKeys.privateKey) };

const mistakesOf = (settings: object) =>
  nodeConfig.safeParse({ ...basics, ...settings }).error?.issues.map(({ path, message }) => ({
    path: path.join('.'),
    message,
  })) ?? [];

describe('the configuration of a node', () => {
  test('takes a node user, and fills in what was left out', () => {
    const config = nodeConfig.parse({ ...basics, nodeUser });
    expect(config).toMatchObject({
      url: 'https://london.example.com:9092',
      actAs: 'service',
      visibility: 'own',
      renewEarlyMs: 60_000,
    });
  });

  test('takes an access key and a key to mint tokens for viewers with', () => {
    const config = nodeConfig.parse({ ...basics, accessKey, actAs: 'viewer', bearer });
    expect(config.bearer).toMatchObject({ accessKey: 'ak1', scope: 'user', lifeSeconds: 3600 });
  });

  test.each([
    ['neither of them', {}, 'needs nodeUser or accessKey'],
    ['both of them', { nodeUser, accessKey }, 'needs only one of nodeUser and accessKey'],
    ['both of them', { nodeUser, accessKey, ...forward }, 'needs only one of nodeUser and accessKey'],
  ])('refuses %s, a node user and an access key', (_name, settings, message) => {
    expect(mistakesOf(settings)).toEqual([{ path: '', message }]);
  });

  test('needs a header and an access key, and no credential, where callers’ tokens are forwarded', () => {
    expect(nodeConfig.parse({ ...basics, ...forward })).toMatchObject({ tokenScheme: 'bearer', tokenAccessKey: 'ak1' });
    expect(mistakesOf({ ...forward, nodeUser })).toEqual([]);
    expect(mistakesOf({ actAs: 'forward', tokenHeader: 'x-london-token', tokenScheme: 'basic' })).toEqual([]);
    expect(mistakesOf({ actAs: 'forward' })).toEqual([
      { path: 'tokenHeader', message: expect.stringContaining('is needed with actAs: forward') },
      { path: 'tokenAccessKey', message: expect.stringContaining('is needed with actAs: forward') },
    ]);
  });

  test('refuses what would be of no use', () => {
    const isUnused = { path: 'tokenAccessKey', message: 'is sent only with actAs: forward and tokenScheme: bearer' };
    expect(mistakesOf({ ...forward, tokenScheme: 'basic' })).toEqual([isUnused]);
    expect(mistakesOf({ nodeUser, tokenAccessKey: 'ak1', tokenHeader: 'x-london-token' })).toEqual([
      { path: 'tokenHeader', message: 'is read only with actAs: forward' },
      isUnused,
    ]);
    expect(mistakesOf({ ...forward, tokenScheme: 'digest' }).map(({ path }) => path)).toEqual(['tokenScheme']);
    expect(mistakesOf({ ...forward, tokenAccessKey: 'a:b' }).map(({ path }) => path)).toEqual(['tokenAccessKey']);
  });

  test('has every mistake told at once', () => {
    const mistakes = mistakesOf({
      ...{ url: 'ftp://x', actAs: 'viewer', retries: -1, tokenHeader: 'cookie', unknown: 1 },
      bearer: { ...bearer, privateKey: createSecret('not-a-key-4711'), lifeSeconds: 60 },
    });
    const paths = ['', 'bearer.lifeSeconds', 'bearer.privateKey', 'retries', 'tokenHeader', 'tokenHeader', 'url'];
    expect([...new Set(mistakes.map(({ path }) => path))].toSorted()).toEqual([...new Set(paths)]);
    expect(mistakes).toContainEqual({ path: '', message: 'needs nodeUser or accessKey' });
  });

  test('refuses to act as the viewer without a key to mint tokens with', () => {
    expect(mistakesOf({ nodeUser, actAs: 'viewer' })).toEqual([
      { path: 'bearer', message: expect.stringContaining('bearer') },
    ]);
  });

  test('refuses a key that is not RSA, and does not show it', () => {
    const mistakes = mistakesOf({ nodeUser, bearer: { ...bearer, privateKey: createSecret('not-a-key-4711') } });
    expect(mistakes).toEqual([{ path: 'bearer.privateKey', message: 'must hold an RSA private key as PEM' }]);
    expect(JSON.stringify(mistakes)).not.toContain('4711');
  });

  test('refuses tokens that would be renewed before they are used', () => {
    const mistakes = mistakesOf({ nodeUser, renewEarlyMs: 120_000, bearer: { ...bearer, lifeSeconds: 120 } });
    expect(mistakes).toEqual([{ path: 'bearer.lifeSeconds', message: 'a token must live longer than renewEarlyMs' }]);
  });

  test('shows no secret when it is printed', () => {
    const config = nodeConfig.parse({ ...basics, accessKey, actAs: 'viewer', bearer });
    const shown = inspect(config, { depth: 9 }) + JSON.stringify(config);
    expect(shown).not.toContain('difference-1822');
    expect(shown).not.toContain('PRIVATE KEY');
  });
});
