import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOf } from '../helpers/node-transfers.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: ({ sources }, simulators, env) => {
      const [london] = simulators.nodes;
      env.LONDON_SECRET = london?.accessKeySecret ?? '';
      const accessKey = { id: london?.accessKeyId, secret: { env: 'LONDON_SECRET' } };
      sources.node[0] = { name: 'london', url: london?.url, visibility: 'all', accessKey };
    },
  });
  const folder = join(nodeOf(stack, 'london').docroot, 'Ordner');
  await mkdir(folder);
  const names = Array.from({ length: 45 }, (_, index) => `datei-${String(index).padStart(2, '0')}.txt`);
  await Promise.all(names.map((name) => writeFile(join(folder, name), name)));
});
afterAll(() => stack?.stop());

interface Folder {
  readonly asperaNode: {
    readonly folder: {
      readonly fileId: string;
      readonly file: { readonly name: string; readonly type: string } | null;
      readonly files: {
        readonly totalCount: number | null;
        readonly edges: readonly { readonly cursor: string }[];
        readonly nodes: readonly { readonly fileId: string; readonly name: string; readonly type: string }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    };
  };
}

const query = `query ($fileId: String, $first: Int, $after: String) { asperaNode(source: "london") { folder(fileId: $fileId) {
  fileId file { name type accessLevels } files(first: $first, after: $after) {
    totalCount edges { cursor } nodes { fileId name type sizeBytes } pageInfo { hasNextPage endCursor } } } } }`;

const list = async (variables: object = {}) =>
  (await stack.everything.data<Folder>(query, variables)).asperaNode.folder;

const folderId = async () => (await list()).files.nodes.find(({ name }) => name === 'Ordner')?.fileId;

describe('a folder by its id', () => {
  it('begins at the root of the access key', async () => {
    const root = await list();
    expect(root.file).toMatchObject({ type: 'FOLDER', accessLevels: expect.arrayContaining(['LIST', 'WRITE']) });
    expect(root.files.nodes).toMatchObject([{ name: 'Ordner', type: 'FOLDER', sizeBytes: null }]);
  });

  it('is read page by page, one call each', async () => {
    const fileId = await folderId();
    const names: string[] = [];
    nodeOf(stack, 'london').requests.clear();
    let after: string | undefined;
    for (let page = 0; page < 3; page += 1) {
      const { files } = await list({ fileId, first: 20, after });
      names.push(...files.nodes.map(({ name }) => name));
      expect(files.pageInfo.hasNextPage).toBe(page < 2);
      after = files.pageInfo.endCursor;
    }
    expect(names).toEqual(Array.from({ length: 45 }, (_, index) => `datei-${String(index).padStart(2, '0')}.txt`));
    expect(nodeOf(stack, 'london').requests.count('GET', '/files')).toBe(3 + 3);
  });

  it('goes on behind any of its rows', async () => {
    const fileId = await folderId();
    const first = await list({ fileId, first: 10 });
    const { files } = await list({ fileId, first: 3, after: first.files.edges[4]?.cursor });
    expect(files.nodes.map(({ name }) => name)).toEqual(['datei-05.txt', 'datei-06.txt', 'datei-07.txt']);
    const behind = await list({ fileId, first: 3, after: files.edges[1]?.cursor });
    expect(behind.files.nodes[0]?.name).toBe('datei-07.txt');
  });

  it('refuses a cursor of another folder, and an id that is none', async () => {
    const { files } = await list({ fileId: await folderId(), first: 2 });
    const other = await stack.everything.send(query, { after: files.pageInfo.endCursor });
    expect(other.errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
    const none = await stack.everything.send(query, { fileId: '999999' });
    expect(none.errors?.map(({ extensions }) => extensions?.code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });
});

describe('the access keys of a node', () => {
  const keys = '{ asperaNode(source: "london") { accessKeys { accessKeyId rootFileId storageType configuration } } }';

  it('are listed without their secrets, by one call', async () => {
    nodeOf(stack, 'london').requests.clear();
    const answer = await stack.everything.send(keys);
    const { accessKeyId, accessKeySecret } = nodeOf(stack, 'london');
    expect(answer).toMatchObject({ data: { asperaNode: { accessKeys: [{ accessKeyId, storageType: 'local' }] } } });
    expect(JSON.stringify(answer)).not.toContain(accessKeySecret);
    expect(nodeOf(stack, 'london').requests.all()).toHaveLength(1);
  });
});
