import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOf, nodeOf, sendFile, transferBetween } from '../helpers/node-transfers.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings) => {
      settings.viewers.apiKeys[1]?.scopes.push('transfer.start');
      Object.assign(settings, { progress: { intervalMs: 100, idleIntervalMs: 100 } });
    },
  });
});
afterAll(() => stack?.stop());

const clearRequests = () => {
  for (const node of stack.simulators.nodes) node.requests.clear();
};

const requestsOf = (name: string) =>
  nodeOf(stack, name)
    .requests.all()
    .filter(({ method }) => method === 'POST')
    .map(({ path }) => path);

describe('transferBetweenNodes', () => {
  it.each([
    { initiator: 'SOURCE' as const, starts: 'london', serves: 'tokyo', setup: '/files/upload_setup' },
    { initiator: 'DESTINATION' as const, starts: 'tokyo', serves: 'london', setup: '/files/download_setup' },
  ])('moves every byte when the $initiator starts it, by one call to each node', async (one) => {
    clearRequests();
    const bytes = randomBytes(700_000);
    const sent = await sendFile(stack, stack.everything, { bytes, initiator: one.initiator });
    expect(sent).toMatchObject({ source: one.starts, side: 'CLIENT' });
    expect(requestsOf(one.serves)).toEqual([one.setup]);
    expect(requestsOf(one.starts)).toEqual(['/ops/transfers']);
    expect(await endOf(stack.everything, sent.id)).toBe('COMPLETED');
    expect((await readFile(sent.arrived)).equals(bytes)).toBe(true);
  });

  it.each(['SOURCE', 'DESTINATION'])(
    'moves folders, and files under other names, when the %s starts it',
    async (who) => {
      const london = nodeOf(stack, 'london').docroot;
      await mkdir(join(london, 'Projekt', 'tief'), { recursive: true });
      await writeFile(join(london, 'Projekt', 'tief', 'ü.txt'), 'tief');
      await writeFile(join(london, 'plain.txt'), 'plain');
      const start = async (paths: object[], destination: string) => {
        await mkdir(join(nodeOf(stack, 'tokyo').docroot, destination), { recursive: true });
        const variables = { from: 'london', to: 'tokyo', paths, destination, initiator: who };
        const { transfer } = await transferBetween(stack.everything, variables);
        expect(await endOf(stack.everything, transfer?.id ?? '')).toBe('COMPLETED');
      };
      const arrived = (path: string) => readFile(join(nodeOf(stack, 'tokyo').docroot, path), 'utf8');
      await start([{ source: '/Projekt' }, { source: '/plain.txt' }], `/folders-${who}`);
      expect(await arrived(`folders-${who}/Projekt/tief/ü.txt`)).toBe('tief');
      expect(await arrived(`folders-${who}/plain.txt`)).toBe('plain');
      await start([{ source: '/plain.txt', destination: 'renamed.txt' }], `/names-${who}`);
      expect(await arrived(`names-${who}/renamed.txt`)).toBe('plain');
    },
  );

  it('refuses the classic mistake and says what would be wrong with it', async () => {
    clearRequests();
    const variables = { from: 'london', to: 'london', paths: [{ source: '/plain.txt' }], destination: '/' };
    const answer = await transferBetween(stack.everything, variables);
    expect(answer).toMatchObject({ code: 'BAD_INPUT' });
    expect(answer.message).toContain('one authorizes it and serves, the other starts it');
    expect(requestsOf('london')).toEqual([]);
  });

  it('refuses no paths, and names for some of them only', async () => {
    const ask = (paths: object[]) =>
      transferBetween(stack.everything, { from: 'london', to: 'tokyo', paths, destination: '/' });
    expect(await ask([])).toMatchObject({ code: 'BAD_INPUT' });
    expect(await ask([{ source: '/a', destination: 'b' }, { source: '/c' }])).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('tells what the serving node refuses as a typed result', async () => {
    const paths = [{ source: '/nowhere.bin' }];
    const variables = { from: 'london', to: 'tokyo', paths, destination: '/', initiator: 'DESTINATION' };
    expect(await transferBetween(stack.everything, variables)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await transferBetween(stack.everything, { ...variables, from: 'paris' })).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('london, tokyo'),
    });
  });

  it('needs both scopes, because it obtains a token and starts a transfer', async () => {
    const text = `mutation { transferBetweenNodes(input: {
      from: "london", to: "tokyo", paths: [{ source: "/plain.txt" }], destination: "/" }) { __typename } }`;
    const { errors } = await stack.reader.send(text);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    expect(errors?.[0]?.message).toContain('the scope transfer,');
  });

  it('starts a transfer from a spec that is written member by member', async () => {
    await writeFile(join(nodeOf(stack, 'london').docroot, 'typed.txt'), 'typed');
    const authorized = await stack.everything.data<{ authorizeUpload: { spec: { json: Record<string, unknown> } } }>(
      `mutation { authorizeUpload(input: { source: "tokyo", destination: "/" }) {
        ... on AuthorizeUploadSuccess { spec { json } } } }`,
    );
    const { remote_host, ssh_port, token, remote_user } = authorized.authorizeUpload.spec.json;
    const typed = {
      ...{ direction: 'SEND', remoteHost: remote_host, sshPort: ssh_port, remoteUser: remote_user, token },
      ...{ paths: [{ source: '/typed.txt' }], destinationRoot: '/', cookie: 'mine', tags: { project: 'Ω' } },
    };
    const started = await stack.everything.data<{ startTransfer: { transfer: { id: string; tags: object } } }>(
      `mutation ($typed: TypedTransferSpecInput!) { startTransfer(input: { source: "london", spec: { typed: $typed } }) {
        ... on StartTransferSuccess { transfer { id tags } } ... on Error { message } } }`,
      { typed },
    );
    const { transfer } = started.startTransfer;
    expect(transfer.tags).toMatchObject({ project: 'Ω' });
    expect(await endOf(stack.everything, transfer.id)).toBe('COMPLETED');
    expect(await readFile(join(nodeOf(stack, 'tokyo').docroot, 'typed.txt'), 'utf8')).toBe('typed');
  });
});
