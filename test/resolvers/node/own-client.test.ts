import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { createContext } from '../../../src/context/create-context.ts';
import { createKeptSpecs } from '../../../src/context/kept-specs.ts';
import { createOwnership } from '../../../src/context/ownership.ts';
import { createRegistry } from '../../../src/context/registry.ts';
import { createSpecMakers } from '../../../src/context/spec-makers.ts';
import { createTokenReader } from '../../../src/context/upstream-tokens.ts';
import { createProgress } from '../../../src/progress/progress.ts';
import { demandOtherNode, isSameParty } from '../../../src/resolvers/node/own-client.ts';
import { readTransferSpec } from '../../../src/transfer-spec/transfer-spec.ts';
import { createDeadlines } from '../../../src/transport/deadlines.ts';
import { openSource } from '../../sources/node/odd-node.ts';

const logger = pino({ level: 'silent' });
const settings = { intervalMs: 1_000, idleIntervalMs: 1_000, maxAgeMs: 60_000, maxEntries: 10 };
const HEADER = 'x-node-token';
const forwarding = { nodeUser: undefined, actAs: 'forward', tokenHeader: HEADER };
const keyed = (id: string) => ({ accessKey: { id, secret: createSecret('key-secret-1') } });

/**
 * `london` and `paris` are nodes of their own; `bucket-a` and `bucket-b` two access keys of one, which `bucket-c` calls
 * with its callers' tokens of a third.
 */
function open() {
  const nodes = [
    openSource('https://london.example:9092', { name: 'london' }),
    openSource('https://paris.example:9092', { name: 'paris' }),
    openSource('https://ats.example', { name: 'bucket-a', ...keyed('key-a') }),
    openSource('https://ats.example', { name: 'bucket-b', ...keyed('key-b') }),
    openSource('https://ats.example', { name: 'bucket-c', ...forwarding, tokenAccessKey: 'key-c' }),
    openSource('https://shared.example:9092', { name: 'one' }),
    openSource('https://shared.example:9093', { name: 'two' }),
  ];
  const specMakers = createSpecMakers();
  const context = createContext(
    {
      sources: {
        ...{ faspex: createRegistry('faspex', []), faircom: createRegistry('faircom', []) },
        node: createRegistry('node', nodes),
        transferd: createRegistry('transferd', []),
      },
      ...{ keptSpecs: createKeptSpecs(), specMakers, ownership: createOwnership('a key of this test') },
      ...{ progress: createProgress({ settings, logger }), logger, upstreamRequests: 10, deadlines: createDeadlines() },
    },
    {
      viewer: {
        ...{ id: 'ada', name: 'ada', scopes: new Set([]), claims: {}, issuer: undefined, expiresAt: undefined },
      },
      upstreamTokens: createTokenReader([HEADER], 'ownership-key-0123456789').read(() => 'abc'),
      signal: new AbortController().signal,
    },
  );
  const isRefused = (name: string, spec: object) => {
    try {
      demandOtherNode(context.node(name), newSpec(spec), context);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(`of ${name} itself`) });
      return true;
    }
  };
  return { specMakers, isRefused };
}

const newSpec = (members: object) =>
  readTransferSpec({ direction: 'send', remote_host: 'london.example', token: 'ATB3_ACx_3BTA', ...members });

const basicOf = (id: string) => ({ token: `Basic ${Buffer.from(`${id}:s`).toString('base64')}` });
const bearerOf = (access_key: string) => ({ token: 'Bearer eJx', tags: { aspera: { node: { access_key } } } });

describe('a node is its own client', () => {
  it('where the spec leads to its name, however that is written', () => {
    const { isRefused } = open();
    expect(isRefused('london', {})).toBe(true);
    expect(isRefused('london', { remote_host: 'LONDON.example', ssh_port: 22 })).toBe(true);
    expect(isRefused('paris', {})).toBe(false);
  });

  it('where the spec leads to the machine itself', () => {
    const { isRefused } = open();
    for (const remote_host of ['127.0.0.1', 'localhost', '::1']) expect(isRefused('paris', { remote_host })).toBe(true);
  });

  it('where its own token is in it, under another name of the server', () => {
    const { isRefused, specMakers } = open();
    specMakers.note('london', newSpec({ remote_host: 'transfer.example' }));
    expect(isRefused('london', { remote_host: 'transfer.example' })).toBe(true);
    expect(isRefused('london', { remote_host: 'elsewhere.example' })).toBe(true);
    expect(isRefused('paris', { remote_host: 'transfer.example' })).toBe(false);
  });

  it('where its specs have led before, with any other token', () => {
    const { isRefused, specMakers } = open();
    const address = { remote_host: 'transfer.example', ssh_port: 33001 };
    specMakers.note('london', newSpec(address));
    expect(isRefused('london', { ...address, token: 'ATB3_ACother_3BTA' })).toBe(true);
    expect(isRefused('london', { ...address, ssh_port: 33002, token: 'ATB3_ACother_3BTA' })).toBe(false);
  });

  it('not by a name alone that several servers share', () => {
    const { isRefused, specMakers } = open();
    const shared = { remote_host: 'shared.example', ssh_port: 33001 };
    expect(isRefused('one', shared)).toBe(false);
    specMakers.note('one', newSpec(shared));
    expect(isRefused('one', { ...shared, token: 'ATB3_ACother_3BTA' })).toBe(true);
    expect(isRefused('two', { ...shared, token: 'ATB3_ACother_3BTA' })).toBe(false);
  });

  it('not where two access keys of one node transfer to each other', () => {
    const { isRefused, specMakers } = open();
    const ats = { remote_host: 'ats.example' };
    specMakers.note('bucket-a', newSpec(ats));
    expect(isRefused('bucket-a', ats)).toBe(true);
    expect(isRefused('bucket-b', ats)).toBe(false);
    for (const tokenOf of [basicOf, bearerOf]) {
      expect(isRefused('bucket-b', { ...ats, ...tokenOf('key-b') })).toBe(true);
      expect(isRefused('bucket-b', { ...ats, ...tokenOf('key-a') })).toBe(false);
    }
    // A node user cannot tell whose access key it is, but the server is the same one.
    expect(isRefused('london', basicOf('key-a'))).toBe(true);
    expect(isRefused('paris', basicOf('key-a'))).toBe(false);
  });

  it('not where Faspex has authorized the transfer', () => {
    const { isRefused } = open();
    expect(isRefused('london', { tags: { aspera: { faspex: { _pkg_id: 1 } } } })).toBe(false);
  });

  it('nor where the token is of another access key than those that callers send', () => {
    const { isRefused, specMakers } = open();
    specMakers.note('bucket-a', newSpec({ remote_host: 'ats.example' }));
    for (const tokenOf of [basicOf, bearerOf]) {
      const ats = { remote_host: 'ats.example', ...tokenOf('key-c') };
      expect(isRefused('bucket-c', ats)).toBe(true);
      expect(isRefused('bucket-c', { ...ats, ...tokenOf('key-a') })).toBe(false);
    }
  });
});

describe('two sources of one node', () => {
  const ofOne = (settings: object) => openSource('https://london.example:9092', { ...settings }).config;

  it('are one party where callers send one token for both, and two where that is not known', () => {
    const [one, same] = [
      ofOne({ ...forwarding, tokenScheme: 'basic' }),
      ofOne({ ...forwarding, tokenScheme: 'basic' }),
    ];
    const other = ofOne({ ...forwarding, tokenScheme: 'basic', tokenHeader: 'x-other-token' });
    expect([isSameParty(one, same), isSameParty(one, other), isSameParty(one, ofOne({}))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
