import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProxiedStack, startProxiedStack } from '../helpers/proxied-stack.ts';

let stack: ProxiedStack;
beforeAll(async () => {
  stack = await startProxiedStack();
});
afterAll(() => stack?.stop());

interface Sent {
  readonly sendPackage: { readonly package: { readonly packageId: string; readonly uuid: string } };
}

const sending = `mutation ($title: String!, $to: String!) {
  sendPackage(input: { title: $title, recipients: [{ name: $to, recipientType: USER }], paths: ["/a"] }) {
    ... on SendPackageSuccess { package { packageId ... on FaspexPackage { uuid } } }
    ... on Error { message }
  }
}`;

async function send(title: string) {
  const to = stack.simulators.faspex.users[3]?.username ?? '';
  return (await stack.everything.data<Sent>(sending, { title, to })).sendPackage.package;
}

const folders = `query ($node: String) {
  faspex { packages(mailbox: OUTBOX, first: 5) { nodes { title folder(node: $node) { path type } } } }
}`;

describe('the folder of a package', () => {
  it('is found on a node by title and UUID, and is null where it is not there', async () => {
    const { uuid } = await send('Day 1: rushes');
    await send('Elsewhere');
    await send('a/b');
    const [london] = stack.simulators.nodes;
    const name = `Day 1_ rushes - ${uuid}.aspera-package`;
    await mkdir(join(london?.docroot ?? '', name), { recursive: true });
    const data = await stack.everything.data<{
      faspex: { packages: { nodes: { title: string; folder: object | null }[] } };
    }>(folders, { node: 'london' });
    const found = Object.fromEntries(data.faspex.packages.nodes.map(({ title, folder }) => [title, folder]));
    expect(found['Day 1: rushes']).toEqual({ path: `/${name}`, type: 'DIRECTORY' });
    expect(found['a/b']).toBeNull();
  });

  it('asks which node is meant where there are several', async () => {
    const { errors } = await stack.everything.send(folders);
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
    expect(errors?.[0]?.message).toContain('london, tokyo');
  });
});
