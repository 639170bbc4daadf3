import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { nodeConfig } from '../../../src/sources/node/config.ts';
import { rsaKeys } from './odd-node.ts';

const nodeUser = { username: 'ada', password: createSecret('engine-1843') };
const accessKey = { id: 'ak1', secret: createSecret('difference-1822') };
const basics = { name: 'london', url: 'https://london.example.com:9092/' };
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
    ['neither of them', {}],
    ['both of them', { nodeUser, accessKey }],
  ])('refuses %s, a node user and an access key', (_name, settings) => {
    expect(mistakesOf(settings)).toEqual([{ path: '', message: 'needs exactly one of nodeUser and accessKey' }]);
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
