import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { ConfigError } from '../../src/config/mistakes.ts';

const canary = 'canary-0123456789-never-shown';
const env = { KEY: canary, OWNERSHIP: `${canary}-of-ownership`, PASSWORD: `${canary}-of-node`, EMPTY: '' };

/** The least that is a configuration; a test appends to it, or replaces a part. */
const minimal = `
viewers:
  apiKeys:
    - { name: ada, key: { env: KEY }, scopes: ['*'] }
ownershipKey: { env: OWNERSHIP }
sources:
  node:
    - name: london
      url: https://london.example.com:9092/
      nodeUser: { username: gateway, password: { env: PASSWORD } }
`;

const load = (text: string, folder = tmpdir()) => loadConfig(text, { folder, env, file: 'gateway.yaml' });

function mistakesIn(text: string, folder?: string): string {
  try {
    load(text, folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain(canary);
    return error.message;
  }
  throw new Error('The configuration has no mistake.');
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('loading a configuration', () => {
  it('fills in every default', () => {
    const config = load(minimal);
    expect(config.server).toEqual({
      host: '127.0.0.1',
      port: 4000,
      reusePort: false,
      graphqlPath: '/graphql',
      maxBodyBytes: 1_048_576,
      drainMs: 10_000,
      fastDoor: true,
      compile: true,
      webSocketInitMs: 3_000,
      webSocketPingMs: 12_000,
    });
    expect(config.limits).toEqual({
      depth: 15,
      cost: 5000,
      aliases: 30,
      pageSize: 200,
      tokens: 2000,
      upstreamRequests: 60,
      subscriptionsPerSocket: 100,
      operationDeadlineMs: 30_000,
    });
    expect(config.progress).toEqual({ intervalMs: 1000, idleIntervalMs: 5000, logMinutes: 15, logEvents: 10_000 });
    expect(config).toMatchObject({ introspection: true, graphiql: false, log: { level: 'info' } });
    expect(config.sources).toMatchObject({ faspex: [], faircom: [] });
    expect(config.sources.node[0]).toMatchObject({ url: 'https://london.example.com:9092', tls: {}, actAs: 'service' });
  });

  it('freezes all of it', () => {
    const config = load(minimal);
    expect(() => Object.assign(config.server, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.sources.node[0]?.tls ?? {}, { caFile: 'x' })).toThrow(TypeError);
    expect(Object.isFrozen(config.viewers.apiKeys[0]?.scopes)).toBe(true);
  });

  it('holds secrets that nothing prints', () => {
    const config = load(minimal);
    expect(config.viewers.apiKeys[0]?.key.reveal()).toBe(canary);
    expect(config.sources.node[0]?.nodeUser?.password.reveal()).toBe(env.PASSWORD);
    expect(
      `${JSON.stringify(config)} ${inspect(config, { depth: 9, showHidden: true })} ${config.ownershipKey}`,
    ).not.toContain(canary);
  });

  it('reads secrets from files without the line feed at their end', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'ownership.txt'), `${canary}-in-a-file\r\n`);
    const config = load(minimal.replace('{ env: OWNERSHIP }', '{ file: ownership.txt }'), folder);
    expect(config.ownershipKey.reveal()).toBe(`${canary}-in-a-file`);
  });

  it('makes the names of files absolute, from the folder of the configuration', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'tls'));
    writeFileSync(join(folder, 'tls', 'ca.pem'), 'pem');
    const config = load(`${minimal}      tls: { caFile: tls/ca.pem }\n`, folder);
    expect(config.sources.node[0]?.tls.caFile).toBe(join(folder, 'tls', 'ca.pem'));
  });

  it('follows YAML anchors', () => {
    const text = minimal.replace('url:', 'tls: &tls { serverName: one }\n      url:');
    const config = load(
      `${text}    - name: tokyo\n      url: https://tokyo.example.com\n      tls: *tls\n      accessKey: { id: k, secret: { env: PASSWORD } }\n`,
    );
    expect(config.sources.node[1]?.tls).toEqual({ serverName: 'one' });
  });
});

describe('a mistake in a configuration', () => {
  it('is reported together with all others, each on a line with its setting, in the order of the file', () => {
    const message = mistakesIn(`
server: { port: '80', host: '', graphqlPath: graphql }
viewers:
  apiKeys:
    - { name: ada, key: { env: KEY }, scopes: [node.raed] }
    - { name: ada, key: { env: UNSET_KEY }, scopes: ['*'] }
ownershipKey: ${canary}
limits: { dept: 3, cost: 0 }
introspection: maybe
log: { level: loud }
sources:
  node:
    - name: london
      url: ftp://london.example.com
      tls: { certFile: nowhere.pem }
      subjectPattern: '('
      nodeUser: { username: gateway, password: { env: EMPTY } }
  fapsex: []
`);
    const [title, ...lines] = message.split('\n');
    expect(title).toBe(`gateway.yaml has ${lines.length} mistakes:`);
    expect(lines).toEqual([
      'server.host: must not be empty (line 2)',
      'server.port: must be a number (line 2)',
      expect.stringMatching(/^server\.graphqlPath: must start with \/.* \(line 2\)$/),
      expect.stringMatching(/^viewers\.apiKeys\[0\]\.scopes\[0\]: must be one of "faspex\.read", .* \(line 5\)$/),
      'viewers.apiKeys[1].key: the environment variable UNSET_KEY is not set (line 6)',
      'viewers.apiKeys[1].name: is used twice in this list (line 6)',
      expect.stringMatching(/^ownershipKey: must be \{ env: NAME \} or \{ file: path \}.* \(line 7\)$/),
      'limits.cost: must be at least 1 (line 8)',
      'limits.dept: is not a setting; did you mean depth? (line 8)',
      'introspection: must be true or false (line 9)',
      expect.stringMatching(/^log\.level: must be one of "fatal", .* \(line 10\)$/),
      expect.stringMatching(/^sources\.node\[0\]\.url: must be an http:\/\/ or https:\/\/ address.* \(line 14\)$/),
      expect.stringMatching(/^sources\.node\[0\]\.tls\.certFile: the file \S+nowhere\.pem does not exist \(line 15\)$/),
      'sources.node[0].tls: certFile and keyFile belong together (line 15)',
      'sources.node[0].subjectPattern: must be a regular expression (line 16)',
      'sources.node[0].nodeUser.password: the environment variable EMPTY is empty (line 17)',
      'sources.fapsex: is not a setting; did you mean faspex? (line 18)',
    ]);
  });

  it('is a missing setting, reported where it should be', () => {
    const message = mistakesIn('sources:\n  node:\n    - name: london\n');
    expect(message).toContain('ownershipKey: must be { env: NAME }');
    expect(message).toContain('sources.node[0].url: is missing (line 3)');
    expect(message).toContain('viewers: needs at least one entry under apiKeys or jwt: nobody is anonymous');
  });

  it('is a gateway without sources', () => {
    const withoutSources = minimal.slice(0, minimal.indexOf('sources:'));
    const sentence = 'sources: needs at least one entry under faspex, node, faircom or transferd';
    expect(mistakesIn(withoutSources)).toContain(sentence);
    expect(mistakesIn(`${withoutSources}sources: { node: [] }`)).toContain(sentence);
    expect(mistakesIn(`${withoutSources}sources: nothing`)).toContain('sources: must be a map of settings');
  });

  it('is an address of Redis that has a password in it, or is of something else', () => {
    for (const url of [`redis://:${canary}@redis.example.com`, 'https://redis.example.com', 'redis://host/zero']) {
      expect(mistakesIn(`${minimal}redis: { url: '${url}' }`)).toContain('redis.url: must be redis:// or rediss://');
    }
    const { redis } = load(`${minimal}redis: { url: 'rediss://redis.example.com:6380/2', password: { env: KEY } }`);
    expect(redis).toMatchObject({ keyPrefix: 'aspera-gateway:', leaseMs: 5_000 });
    expect(redis?.password?.reveal()).toBe(canary);
    expect(inspect(redis, { depth: 9 })).not.toContain(canary);
  });

  it('is what a source needs for tokens of its callers, or cannot do, also where there are others', () => {
    const text = `
viewers: { apiKeys: [{ name: ada, key: { env: KEY }, scopes: ['*'] }] }
ownershipKey: { env: OWNERSHIP }
sources:
  faspex:
    - { name: packages, url: https://f.example.com, actAs: forward, tokenHeader: Cookie }
    - { name: others, url: https://g.example.com, actAs: service, retries: -1 }
  node:
    - { name: london, url: https://london.example.com, actAs: forward, poolSize: 0 }
    - { name: paris, url: https://paris.example.com, actAs: forward, tokenHeader: x-a, tokenScheme: basic }
  faircom:
    - { name: records, url: https://r.example.com, actAs: forward, username: a, password: { env: PASSWORD } }
  transferd:
    - { name: desk, url: 127.0.0.1:55002, actAs: forward }
`;
    const lines = mistakesIn(text).split('\n').slice(1);
    const settings = lines.map((line) => line.replace(/: .*/, ''));
    expect(settings).toEqual([
      'sources.faspex[0].tokenHeader',
      ...['retries', 'clientId', 'privateKey', 'serviceUser'].map((name) => `sources.faspex[1].${name}`),
      ...['poolSize', 'tokenHeader', 'tokenAccessKey'].map((name) => `sources.node[0].${name}`),
      ...['sources.faircom[0].actAs', 'sources.transferd[0].actAs'],
    ]);
    expect(lines[0]).toContain('must begin with x-');
    expect(lines.at(-2)).toContain('must be service: a FairCom server knows accounts');
    expect(lines.at(-1)).toContain('must be service: a daemon knows no users');
  });

  it('is a name that two sources of different kinds have', () => {
    const faircom = `  faircom:
    - { name: london, url: https://db.example.com, username: gateway, password: { env: PASSWORD } }
`;
    expect(mistakesIn(minimal + faircom)).toContain(
      'sources.faircom[0].name: is also the name of sources.node[0]: a name belongs to one source, whatever its kind (line 12)',
    );
  });

  it('is a key that stands twice in one map', () => {
    const message = mistakesIn(`${minimal}      url: https://tokyo.example.com\nserver: { port: -1 }\n`);
    expect(message).toContain('url stands twice in one map (line 11)');
    expect(message).toContain('server.port: must be at least 0 (line 12)');
  });

  it.each([
    ['{ env: KEY }', 'server.port: is no secret'],
    ['4000.5', 'server.port: must be a whole number'],
    ['70000', 'server.port: must be at most 65535'],
    ['', 'server.port: has no value'],
  ])('is the port %j', (port, expected) => {
    expect(mistakesIn(`${minimal}server:\n  port: ${port}\n`)).toContain(expected);
  });

  it('is a file that is a folder, and a secret in a file that is empty', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'empty'), '\n');
    const text = minimal.replace('{ env: OWNERSHIP }', '{ file: empty }').replace('{ env: PASSWORD }', '{ file: . }');
    const message = mistakesIn(text, folder);
    expect(message).toContain(`ownershipKey: the file ${join(folder, 'empty')} is empty`);
    expect(message).toContain(`nodeUser.password: the file ${folder} is a folder`);
    expect(message.split('\n')).toHaveLength(3);
  });

  it.each([
    ['', 'gateway.yaml is empty'],
    ['# nothing but a comment', 'gateway.yaml is empty'],
    ['a: [1', '(line 1)'],
    ['\na: b: c', '(line 2)'],
    ['a: !secret x', 'Unresolved tag: !secret (line 1)'],
    ['a: *nobody', 'the aliases (*name) of this file cannot be followed'],
    ['a: &a [*a]', 'the aliases (*name) of this file cannot be followed'],
    ['- 1', 'must be a map of settings'],
    ['text', 'must be a map of settings'],
  ])('is a file that holds %j', (text, expected) => {
    expect(mistakesIn(text)).toContain(expected);
  });

  it('is a bomb of aliases, which is not unfolded', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const previous = level === 0 ? '1' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array(10).fill(previous).join(', ')}]`;
    });
    expect(mistakesIn(levels.join('\n'))).toContain('cannot be followed');
  });

  it('is a setting named like what every object inherits', () => {
    expect(mistakesIn(`${minimal}__proto__: { server: 1 }\n`)).toContain('__proto__: is not a setting');
    expect(mistakesIn(`${minimal}toString: 1\n`)).toContain('toString: is not a setting');
  });
});
