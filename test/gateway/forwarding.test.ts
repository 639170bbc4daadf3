import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  BASIC_HEADER,
  BEARER_HEADER,
  FASPEX_HEADER,
  type ForwardingStack,
  type Holder,
  startForwarding,
} from './forwarding-stack.ts';

let stack: ForwardingStack;
beforeAll(async () => {
  stack = await startForwarding();
  const { ada, bob } = stack;
  await ada.faspex.send('ava.lindqvist', { title: 'One of Ada' });
  await bob.faspex.send('ava.lindqvist', { title: 'One of Bob' });
});
afterAll(() => stack?.stop());
beforeEach(() => {
  for (const proxy of [stack.faspex, stack.london]) proxy.clear();
});
afterEach(() => stack.simulators.faspex.faults.clear());

const mine = '{ faspex { account { email } packages(mailbox: OUTBOX, first: 50) { nodes { title } } } }';
const account = '{ faspex { account { email } } }';
const accountOf = ({ email }: Holder) => ({ data: { faspex: { account: { email } } } });

const tokensSent = (path: string) => stack.faspex.to(path).map(({ headers }) => headers.authorization);

interface Refused {
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}
const refusalIn = ({ errors = [] }: Refused) => errors.map(({ message, extensions }) => ({ message, ...extensions }));

describe('viewers who send their own tokens of Faspex', () => {
  it('are each shown what is theirs, and the gateway signs in nowhere', async () => {
    const { ada, bob } = stack;
    const [hers, his] = await Promise.all([ada, bob].map((person) => stack.clientOf(person).send(mine)));
    expect(hers).toMatchObject(accountOf(ada));
    expect(his).toMatchObject(accountOf(bob));
    expect(JSON.stringify(hers)).toContain('One of Ada');
    expect(JSON.stringify(hers)).not.toContain('One of Bob');
    expect(JSON.stringify(his)).toContain('One of Bob');
    expect(JSON.stringify(his)).not.toContain('One of Ada');
    expect(stack.faspex.to('/auth/token')).toEqual([]);
  });

  it('are whoever the token is of, not whose key of the gateway it comes with', async () => {
    const { ada, bob } = stack;
    const mixed = stack.clientWith({ authorization: ada.authorization, [FASPEX_HEADER]: bob.faspex.token });
    expect(await mixed.send(account)).toEqual(accountOf(bob));
    expect(await stack.clientOf(ada).send(account)).toEqual(accountOf(ada));
  });

  it('are served without a socket as well', async () => {
    const { ada } = stack;
    const response = await stack.fetch(
      new Request(stack.url, {
        method: 'POST',
        headers: {
          ...{ authorization: ada.authorization, 'content-type': 'application/json' },
          [FASPEX_HEADER]: ada.faspex.token,
        },
        body: JSON.stringify({ query: account }),
      }),
    );
    expect(await response.json()).toEqual(accountOf(ada));
  });
});

describe('identical reads at the same time', () => {
  it('are one call with the same token, also of two viewers, and two with different ones', async () => {
    const { ada, bob, faspex } = stack;
    const hold = faspex.hold(({ path }) => path.endsWith('/account'));
    const same = stack.clientWith({ authorization: bob.authorization, [FASPEX_HEADER]: ada.faspex.token });
    const asked = [
      ...[stack.clientOf(ada), stack.clientOf(ada), same].map((client) => client.send(account)),
      stack.clientOf(bob).send(account),
    ];
    await hold.arrival(1);
    // Nothing tells that the others have joined; when a later request is through, they have.
    await stack.clientOf(ada).send('{ faspex { version } }');
    hold.release();
    expect(await Promise.all(asked)).toEqual([ada, ada, ada, bob].map(accountOf));
    const expected = [ada, bob].map((person) => `Bearer ${person.faspex.token}`);
    expect(tokensSent('/account').toSorted()).toEqual(expected.toSorted());
  });
});

describe('a token that is of no use', () => {
  it('because none was sent: the answer names the header, and nobody else’s is used', async () => {
    const { ada } = stack;
    await stack.clientOf(ada).send(account);
    stack.faspex.clear();
    const answer = await stack.clientWith({ authorization: ada.authorization }).send<Refused>(account);
    expect(refusalIn(answer)).toEqual([
      { message: 'packages is called with your own token: send it in the header x-faspex-token.', code: 'FORBIDDEN' },
    ]);
    expect(stack.faspex.passed).toEqual([]);
  });

  it.each([
    ['has a scheme before it', (token: string) => `Bearer ${token}`],
    ['is too long', () => 'a'.repeat(8_193)],
    ['is empty', () => ''],
  ])('because it %s: the answer says so, and does not repeat it', async (_what, spoil) => {
    const { ada } = stack;
    const value = spoil(ada.faspex.token);
    const client = stack.clientWith({ authorization: ada.authorization, [FASPEX_HEADER]: value });
    const answer = await client.send<Refused>(account);
    expect(refusalIn(answer)).toMatchObject([{ code: 'BAD_INPUT', source: 'packages', retryable: false }]);
    expect(refusalIn(answer)[0]?.message).toMatch(/^x-faspex-token must/);
    expect(JSON.stringify(answer)).not.toContain(ada.faspex.token);
    expect(stack.faspex.passed).toEqual([]);
  });

  it('because Faspex refuses it: it is sent once, and the others notice nothing', async () => {
    const { ada, bob } = stack;
    const wrong = stack.clientWith({ authorization: ada.authorization, [FASPEX_HEADER]: 'opaque-and-outdated' });
    const [refused, kept] = await Promise.all([wrong.send<Refused>(account), stack.clientOf(bob).send(account)]);
    expect(refusalIn(refused)).toEqual([
      {
        message: 'packages refused the token that you sent in x-faspex-token. Send one that is valid there.',
        ...{ code: 'SOURCE_UNAUTHENTICATED', source: 'packages', retryable: false },
      },
    ]);
    expect(kept).toEqual(accountOf(bob));
    expect(tokensSent('/account').filter((sent) => sent === 'Bearer opaque-and-outdated')).toHaveLength(1);
    expect(stack.faspex.to('/auth/token')).toEqual([]);
    expect(await stack.clientOf(ada).send(account)).toEqual(accountOf(ada));
  });

  it('is told of as the result of a mutation, too', async () => {
    const { ada } = stack;
    const change = `mutation { result: sendPackage(input: { title: "A", recipients: [{ name: "ava.lindqvist",
      recipientType: USER }], paths: ["/a"] }) { ... on Error { code message } } }`;
    const result = async (headers: Record<string, string>) =>
      (await stack.clientWith({ authorization: ada.authorization, ...headers }).data<{ result: unknown }>(change))
        .result;
    expect(await result({})).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining(FASPEX_HEADER) });
    expect(await result({ [FASPEX_HEADER]: 'a b' })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await result({ [FASPEX_HEADER]: 'outdated' })).toMatchObject({ code: 'SOURCE_UNAUTHENTICATED' });
  });
});

describe('viewers who send their own tokens of a node', () => {
  const folder = '{ asperaNode(source: "my-london") { folder { files(first: 5) { nodes { name } } } } }';
  const byPath = (source: string) => `{ asperaNode(source: "${source}") { files { nodes { path } } } }`;
  const sentTo = (path: string) => stack.london.to(path).map(({ headers }) => headers.authorization);

  it('are called for with their bearer tokens and its access key', async () => {
    const tokens = ['ada', 'bob'].map(stack.bearerToken);
    await Promise.all(tokens.map((token) => stack.clientOf(stack.ada, { [BEARER_HEADER]: token }).send(folder)));
    const sent = new Set(stack.london.passed.map(({ headers }) => headers.authorization));
    expect(sent).toEqual(new Set(tokens.map((token) => `Bearer ${token}`)));
    const keys = new Set(stack.london.passed.map(({ headers }) => headers['x-aspera-accesskey']));
    expect(keys).toEqual(new Set([stack.simulators.nodes[0]?.accessKeyId]));
  });

  it('may ask by path with a Basic token, and by ids alone with a bearer token', async () => {
    const { ada, login } = stack;
    const client = stack.clientOf(ada, { [BASIC_HEADER]: login, [BEARER_HEADER]: stack.bearerToken('ada') });
    expect(await client.send(byPath('login-london'))).toEqual({ data: { asperaNode: { files: { nodes: [] } } } });
    expect(sentTo('/files/browse')).toEqual([`Basic ${login}`]);
    expect(refusalIn(await client.send<Refused>(byPath('my-london')))).toMatchObject([{ code: 'SOURCE_FORBIDDEN' }]);
  });

  it('send one token for two sources that name the same header, and these share no call', async () => {
    const { ada, login } = stack;
    const both =
      '{ a: asperaNode(source: "login-london") { info { version } } b: asperaNode(source: "other-london") { info { version } } }';
    const { a, b } = await stack.clientOf(ada, { [BASIC_HEADER]: login }).data(both);
    expect(a).toEqual(b);
    expect(sentTo('/info')).toEqual([`Basic ${login}`, `Basic ${login}`]);
  });

  it('are shown every transfer that the node shows them, whoever they are here', async () => {
    const { ada, login } = stack;
    stack.simulators.nodes[0]?.seedTransfers(3);
    const list = '{ asperaNode(source: "login-london") { transfers(first: 50) { nodes { transferId } } } }';
    const answer = await stack
      .clientOf(ada, { [BASIC_HEADER]: login })
      .data<{ asperaNode: { transfers: { nodes: unknown[] } } }>(list);
    expect(answer.asperaNode.transfers.nodes.length).toBeGreaterThanOrEqual(3);
  });
});

describe('what the gateway knows without a token', () => {
  it('is that the sources answer', async () => {
    const answer = await stack.everything.data<{ sources: { name: string; health: { reachable: boolean } }[] }>(
      '{ sources { name health { reachable detail } } }',
    );
    const forwarding = answer.sources.filter(({ name }) =>
      ['packages', 'my-london', 'login-london', 'other-london'].includes(name),
    );
    expect(forwarding.map(({ health }) => health.reachable)).toEqual([true, true, true, true]);
  });
});
