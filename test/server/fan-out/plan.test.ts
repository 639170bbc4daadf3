import { parse } from 'graphql';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createSecret } from '../../../src/config/secret.ts';
import { createContext } from '../../../src/context/create-context.ts';
import { createKeptSpecs } from '../../../src/context/kept-specs.ts';
import { createOwnership } from '../../../src/context/ownership.ts';
import { OutOfReach } from '../../../src/context/reach.ts';
import { createRegistry } from '../../../src/context/registry.ts';
import { createSpecMakers } from '../../../src/context/spec-makers.ts';
import { createTokenReader } from '../../../src/context/upstream-tokens.ts';
import type { Scope } from '../../../src/identity/scopes.ts';
import { createProgress } from '../../../src/progress/progress.ts';
import { schema } from '../../../src/schema/index.ts';
import { planOf } from '../../../src/server/fan-out/plan.ts';
import { createSelections } from '../../../src/server/fan-out/selection.ts';
import { faspexConfig } from '../../../src/sources/faspex/config.ts';
import { createFaspex } from '../../../src/sources/faspex/source.ts';
import { createDeadlines } from '../../../src/transport/deadlines.ts';
import { openSource, rsaKeys, viewerSettings } from '../../sources/node/odd-node.ts';

const nowhere = 'http://127.0.0.1:1';
const HEADER = 'x-node-token';
const reader = createTokenReader([HEADER], 'ownership-key-0123456789');
const silent = { debug: () => undefined, warn: () => undefined };
const settings = { intervalMs: 50, idleIntervalMs: 50, maxAgeMs: 60_000, maxEntries: 100 };

/**
 * `open` shows everything to who may see it, `own` to everybody what is theirs, `mine` acts as the viewer, `theirs` is
 * called with a token that they send along.
 */
function createSources() {
  const faspex = (name: string, more: object) =>
    createFaspex(
      faspexConfig.parse({
        ...{ name, url: nowhere, clientId: 'c', privateKey: createSecret(rsaKeys.privateKey) },
        ...more,
      }),
      { logger: silent },
    );
  return {
    node: createRegistry('node', [
      openSource(nowhere, { name: 'open', visibility: 'all' }),
      openSource(nowhere, { name: 'own' }),
      openSource(nowhere, { name: 'mine', ...viewerSettings, subjectClaim: 'email' }),
      openSource(nowhere, { name: 'theirs', actAs: 'forward', tokenHeader: HEADER, tokenAccessKey: 'ak1' }),
    ]),
    faspex: createRegistry('faspex', [faspex('packages', { actAs: 'viewer', subjectClaim: 'email' })]),
    faircom: createRegistry('faircom', []),
    transferd: createRegistry('transferd', []),
  };
}

interface Who {
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  /** What they send along for `theirs`. */
  readonly token?: string;
}

const everything: readonly Scope[] = ['transfer.read', 'transfer.all', 'faspex.read'];

const idOf = (source: string, id = 't1') => Buffer.from(`NodeTransfer:${source}/${id}`).toString('base64');

const watching = (selection = 'transfer { status }') =>
  `subscription ($id: ID!, $after: String) { transferProgress(id: $id, after: $after) { cursor ${selection} } }`;

/** What is planned for a subscriber. */
function plan(query: string, variables: object, { name = 'ada', scopes = everything, token }: Who = {}) {
  const logger = pino({ level: 'silent' });
  const deps = {
    sources: createSources(),
    ownership: createOwnership('ownership-key-0123456789'),
    progress: createProgress({ settings, logger }),
    ...{
      logger,
      upstreamRequests: 10,
      deadlines: createDeadlines(),
      keptSpecs: createKeptSpecs(),
      specMakers: createSpecMakers(),
    },
  };
  const viewer = {
    ...{ id: `key:${name}`, name, scopes: new Set(scopes), claims: { email: `${name}@example.com` } },
    ...{ issuer: undefined, expiresAt: undefined },
  };
  const upstreamTokens = reader.read(() => token);
  const context = createContext(deps, { viewer, upstreamTokens, signal: new AbortController().signal });
  const args = { schema, document: parse(query), variableValues: { ...variables } };
  const selection = createSelections(schema)(args.document);
  const planned = selection && planOf(args, selection, context);
  if (!planned) throw new Error('nothing is planned');
  const { reach } = planned;
  const arrival = { viewer: planned.viewer, upstreamTokens: planned.upstreamTokens, reach, signal: context.signal };
  return { ...planned, groupContext: createContext(deps, arrival) };
}

const keyOf = (...args: Parameters<typeof plan>) => plan(...args).key;
const bob = { name: 'bob' };
const open = { id: idOf('open') };

describe('events are shared', () => {
  test('by viewers who see everything and may do the same', () => {
    expect(keyOf(watching(), open)).toBe(keyOf(watching(), open, bob));
    expect(plan(watching(), open).isOfOneViewer).toBe(false);
  });

  test('however the document is laid out, and whatever it says that is not used', () => {
    const spread = `  subscription ($after: String, $id: ID!)
      # a comment
      { transferProgress(id: $id, after: $after) { cursor, transfer { status } } }`;
    const shuffled = keyOf(spread.replace('($after: String, $id: ID!)', '($id: ID!, $after: String)'), open);
    expect(shuffled).toBe(keyOf(watching(), open));
    expect(keyOf(watching(), { ...open, unused: 1 })).toBe(keyOf(watching(), open));
  });

  test('by those who have sent different tokens for what is not reached', () => {
    expect(keyOf(watching(), open, { token: 'one' })).toBe(keyOf(watching(), open, { ...bob, token: 'other' }));
  });

  test('by those who return with cursors of their own, in a variable or in the text', () => {
    const returned = plan(watching(), { ...open, after: 'one' });
    expect(returned.key).toBe(keyOf(watching(), { ...open, after: 'another' }));
    expect(returned.key).toBe(keyOf(watching(), open));
    expect([returned.isReturning, plan(watching(), open).isReturning]).toEqual([true, false]);
    const written = watching().replace('$after)', '"one")').replace(', $after: String', '');
    expect(keyOf(written, open)).toBe(returned.key);
  });
});

describe('events are not shared', () => {
  test.each<[string, Parameters<typeof plan>, Parameters<typeof plan>]>([
    ['other scopes', [watching(), open], [watching(), open, { scopes: ['transfer.read', 'transfer.all'] }]],
    ['other variables', [watching(), open], [watching(), { id: idOf('open', 't2') }]],
    ['another selection', [watching(), open], [watching('transfer { progress }'), open]],
    ['another alias', [watching(), open], [watching().replace('transferProgress', 'a: transferProgress'), open]],
    [
      'a viewer who sees only what is theirs',
      [watching(), { id: idOf('own') }],
      [watching(), { id: idOf('own') }, bob],
    ],
    ['a source that acts as the viewer', [watching(), { id: idOf('mine') }], [watching(), { id: idOf('mine') }, bob]],
    [
      'another token of the same viewer',
      [watching(), { id: idOf('theirs') }, { token: 'one' }],
      [watching(), { id: idOf('theirs') }, { token: 'other' }],
    ],
    [
      'the same token of another viewer, of whom more may be shown elsewhere',
      [watching(), { id: idOf('theirs') }, { token: 'one' }],
      [watching(), { id: idOf('theirs') }, { ...bob, token: 'one' }],
    ],
    [
      'no token where the other has sent what can be none',
      [watching(), { id: idOf('theirs') }],
      [watching(), { id: idOf('theirs') }, { token: 'no token' }],
    ],
    [
      'a viewer who may not see everything where all could',
      [watching(), open, { scopes: ['transfer.read'] }],
      [watching(), open, { ...bob, scopes: ['transfer.read'] }],
    ],
    [
      'a join to a source that acts as the viewer',
      [watching('transfer { ... on NodeTransfer { package { title } } }'), open],
      [watching('transfer { ... on NodeTransfer { package { title } } }'), open, bob],
    ],
    [
      'a join in a fragment',
      [`${watching('transfer { ...F }')} fragment F on NodeTransfer { counterpart { status } }`, open],
      [`${watching('transfer { ...F }')} fragment F on NodeTransfer { counterpart { status } }`, open, bob],
    ],
  ])('with %s', (_what, one, other) => {
    expect(keyOf(...one)).not.toBe(keyOf(...other));
    expect(keyOf(...one)).toBe(keyOf(...one));
  });

  test('with anybody where the id names nothing', () => {
    expect(() => plan(watching(), { id: 'nonsense' })).toThrow('nothing is planned');
    expect(() => plan(watching(), {})).toThrow('nothing is planned');
  });
});

describe('the context of a group', () => {
  test('reaches no source that the selection was not known to reach', () => {
    const { groupContext } = plan(watching(), open);
    expect(groupContext.node('open').source.name).toBe('open');
    expect(() => groupContext.node('own')).toThrow(OutOfReach);
    expect(() => groupContext.faspex()).toThrow(OutOfReach);
    expect(() => groupContext.fork().context.faspex()).toThrow(OutOfReach);
  });

  test('reaches Faspex where whose a transfer is may depend on a package', () => {
    const { groupContext } = plan(watching(), { id: idOf('own') });
    expect(groupContext.faspex().source.name).toBe('packages');
    expect(groupContext.viewer.id).toBe('key:ada');
  });

  test('has the token that all who share it have sent', () => {
    const { groupContext } = plan(watching(), { id: idOf('theirs') }, { token: 'one' });
    const { identity } = groupContext.node('theirs');
    expect(identity.token?.value.reveal()).toBe('one');
    expect(groupContext.fork().context.node('theirs').identity).toEqual(identity);
    expect(() => plan(watching(), { id: idOf('theirs') }).groupContext.node('theirs')).toThrow(HEADER);
  });

  test('of several viewers knows their scopes, and fails for whoever asks who they are', () => {
    const { viewer } = plan(watching(), open).groupContext;
    expect(viewer.scopes).toEqual(new Set(everything));
    for (const member of ['id', 'name', 'claims', 'issuer'] as const)
      expect(() => viewer[member]).toThrow('who they are');
  });
});
