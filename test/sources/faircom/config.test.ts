import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { faircomConfig } from '../../../src/sources/faircom/config.ts';

const least = {
  name: 'warehouse',
  url: 'https://db.example.com:8443/',
  username: 'gateway',
  password: createSecret('pass-phrase'),
};

const messages = (settings: object) =>
  faircomConfig.safeParse({ ...least, ...settings }).error?.issues.map(({ path, message }) => `${path}: ${message}`);

describe('the configuration of a FairCom server', () => {
  test('needs an address and an account, and has defaults for the rest', () => {
    expect(faircomConfig.parse(least)).toMatchObject({
      url: 'https://db.example.com:8443',
      apiPath: '/api',
      actAs: 'service',
      databaseName: 'ctreeSQL',
      ownerName: 'admin',
      poolSize: 16,
      idleMs: 20_000,
      idleConnectionTimeoutSeconds: 900,
    });
    expect(faircomConfig.safeParse({ name: 'warehouse', url: least.url }).success).toBe(false);
  });

  test('keeps below the sockets and the idle time that a server allows', () => {
    expect(faircomConfig.safeParse({ ...least, poolSize: 24, idleMs: 29_000 }).success).toBe(true);
    expect(messages({ poolSize: 25 })).toEqual([
      'poolSize: must be below 25: a FairCom server allows 25 sockets per address and refuses more',
    ]);
    expect(messages({ idleMs: 30_000 })).toEqual([
      'idleMs: must be below 30000: a FairCom server closes a socket that was idle for 30 seconds',
    ]);
  });

  test('acts as its own account only, and takes no password in plain text', () => {
    for (const actAs of ['viewer', 'forward']) {
      expect(messages({ actAs })).toEqual([expect.stringMatching(/^actAs: must be service: a FairCom server knows/)]);
    }
    expect(messages({ password: 'pass-phrase' })?.[0]).toContain('a secret is never written into the configuration');
  });

  test('takes a path that is one', () => {
    expect(faircomConfig.safeParse({ ...least, apiPath: '/gateway/api' }).success).toBe(true);
    for (const apiPath of ['api', '/api/', '/api?x=1', '/']) expect(messages({ apiPath })).toHaveLength(1);
  });

  test('never shows the password', () => {
    expect(JSON.stringify(faircomConfig.parse(least))).not.toContain('pass-phrase');
  });
});
