import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createCertificates } from '../../../simulators/faircom/certificates.ts';
import { createLink, type LinkSettings } from '../../../src/progress/redis/link.ts';
import { sharingSettings } from '../../../src/progress/redis/sharing-settings.ts';
import { freePort, startRedis } from '../../helpers/redis-server.ts';
import { until } from '../watched-node.ts';

const PASSWORD = 'a-password-0123456789';

function open(settings: LinkSettings) {
  const errors: unknown[] = [];
  const link = createLink(settings, {
    onOpen: async (send) => void (await send(['PING'], 2_000)),
    onUp: () => undefined,
    onDown: (error) => void errors.push(error),
  });
  onTestFinished(() => link.close());
  return { link, errors };
}

const plain = { username: undefined, password: undefined, tls: undefined };

test('a link is opened again when it is cut, and says so of what was under way', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const { link } = open({ url: redis.url, ...plain });
  await until(() => link.isUp).toBe(true);
  const waiting = link.send(['XREAD', 'BLOCK', '20000', 'STREAMS', 'nothing', '$'], 30_000);
  const refused = expect(waiting).rejects.toMatchObject({ name: 'RedisLost' });
  await redis.send('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await refused;
  await until(() => link.isUp).toBe(true);
  expect(await link.send(['ECHO', 'again'], 2_000)).toBe('again');
  await expect(link.send(['NONSENSE'], 2_000)).rejects.toThrow('unknown command');
  expect(link.isUp).toBe(true);
});

test('a link that is closed while it begins opens nothing', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const { link } = open({ url: redis.url, ...plain });
  await link.close();
  expect(link.isUp).toBe(false);
  // Who asks is there alone.
  expect(
    String(await redis.send('CLIENT', 'LIST'))
      .trim()
      .split('\n'),
  ).toHaveLength(1);
});

test('a command without an answer is given up, and its connection with it', async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const { link, errors } = open({ url: redis.url, ...plain });
  await until(() => link.isUp).toBe(true);
  await expect(link.send(['XREAD', 'BLOCK', '20000', 'STREAMS', 'nothing', '$'], 50)).rejects.toMatchObject({
    ...{ name: 'RedisLost', message: 'Redis did not answer in time.' },
  });
  await until(() => errors.length).toBeGreaterThan(0);
  await until(() => link.isUp).toBe(true);
});

test('a password and TLS are those of the configuration, and neither is shown', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redis-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  createCertificates(folder);
  const [caFile, certFile, keyFile] = ['ca.pem', 'server.pem', 'server.key'].map((name) => join(folder, name));
  const files = [
    '--tls-ca-cert-file',
    caFile ?? '',
    '--tls-cert-file',
    certFile ?? '',
    '--tls-key-file',
    keyFile ?? '',
  ];
  const redis = await startRedis('--requirepass', PASSWORD, '--tls-port', '0', '--tls-auth-clients', 'no', ...files);
  onTestFinished(() => redis.stop());
  // The first port stays, for the test's own commands.
  const port = await freePort();
  await redis.send('CONFIG', 'SET', 'tls-port', String(port));
  const settings = (password: string | undefined, tls: object) =>
    sharingSettings({
      ...{ url: `rediss://127.0.0.1:${port}`, keyPrefix: 'x:', leaseMs: 1_000, tls },
      password: password === undefined ? undefined : { reveal: () => password },
    });
  const right = open(settings(PASSWORD, { caFile }));
  await until(() => right.link.isUp).toBe(true);
  expect(await right.link.send(['ECHO', 'safe'], 2_000)).toBe('safe');
  const wrong = [open(settings('another-password-012', { caFile })), open(settings(PASSWORD, {}))];
  for (const { link, errors } of wrong) {
    await until(() => errors.length).toBeGreaterThan(1);
    expect(link.isUp).toBe(false);
    expect(String(errors[0])).not.toContain('password-0');
  }
});
