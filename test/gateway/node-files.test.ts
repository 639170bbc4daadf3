import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

let stack: Stack;
let docroot: string;
beforeAll(async () => {
  stack = await startStack();
  docroot = stack.simulators.nodes[0]?.docroot ?? '';
  await mkdir(join(docroot, 'Große Dateien', '映像'), { recursive: true });
  await writeFile(join(docroot, 'Große Dateien', 'ein & zwei.mov'), 'x'.repeat(300));
  await writeFile(join(docroot, 'Große Dateien', 'Ωmega.txt'), 'omega');
  await writeFile(join(docroot, 'Große Dateien', '映像', 'テスト.mov'), 'y'.repeat(50));
  await symlink('Ωmega.txt', join(docroot, 'Große Dateien', 'link'));
});
afterAll(() => stack?.stop());

const browse = readExample('browse-files');

interface Browsed {
  readonly asperaNode: {
    readonly files: {
      readonly totalCount: number | null;
      readonly nodes: readonly { readonly id: string; readonly path: string; readonly type: string }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string; readonly shifted: boolean };
    };
  };
}

const list = async (variables: object) =>
  (await stack.everything.data<Browsed>(browse, { node: 'london', ...variables }, 'BrowseFiles')).asperaNode.files;

const calls = (path: string) => stack.simulators.nodes[0]?.requests.count('POST', path) ?? 0;

/** Every page of a folder; `between` is called between any two. */
async function readAll(variables: object, between: (read: readonly string[]) => Promise<unknown> = async () => {}) {
  const paths: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list({ ...variables, after });
    expect(page.pageInfo.shifted).toBe(false);
    paths.push(...page.nodes.map(({ path }) => path));
    if (!page.pageInfo.hasNextPage) return paths;
    await between(paths);
    after = page.pageInfo.endCursor;
  }
}

describe('browsing a node', () => {
  it('lists a folder with names of any script, by one upstream call a page', async () => {
    stack.simulators.nodes[0]?.requests.clear();
    const files = await list({ path: '/Große Dateien', filter: { types: ['FILE', 'DIRECTORY'] } });
    expect(new Set(files.nodes.map(({ path }) => path))).toEqual(
      new Set(['/Große Dateien/ein & zwei.mov', '/Große Dateien/Ωmega.txt', '/Große Dateien/映像']),
    );
    expect(files.totalCount).toBe(3);
    expect(stack.simulators.nodes[0]?.requests.all()).toHaveLength(1);
  });

  it('narrows and sorts as the node can', async () => {
    const path = '/Große Dateien';
    const bySize = await list({ path, sort: 'SIZE_DESC', filter: { types: ['FILE'], minSizeBytes: 5 } });
    expect(bySize.nodes.map((file) => file.path)).toEqual([`${path}/ein & zwei.mov`, `${path}/Ωmega.txt`]);
    const named = await list({ path, filter: { names: ['*.TXT'] } });
    expect(named.nodes.map((file) => file.path)).toEqual([`${path}/Ωmega.txt`]);
    const later = await list({ path, filter: { modifiedAfter: new Date(Date.now() + 60_000).toISOString() } });
    expect(later.nodes).toEqual([]);
    expect(later.pageInfo.hasNextPage).toBe(false);
  });

  it('pages through a folder of 3,000 entries, each once', async () => {
    const folder = join(docroot, 'many');
    await mkdir(folder);
    const names = Array.from({ length: 3000 }, (_, index) => `clip-${String(index).padStart(4, '0')}.mov`);
    await Promise.all(names.map((name) => writeFile(join(folder, name), '')));
    stack.simulators.nodes[0]?.requests.clear();
    const paths = await readAll({ path: '/many', first: 200 });
    expect(paths).toEqual(names.map((name) => `/many/${name}`));
    // 15 pages of 200, one call each.
    expect(calls('/files/browse')).toBe(15);
  });

  it('misses and doubles nothing that stayed while files come and go between pages', async () => {
    const folder = join(docroot, 'lively');
    await mkdir(folder);
    const make = (name: string) => writeFile(join(folder, name), '');
    await Promise.all(Array.from({ length: 60 }, (_, index) => make(`m${String(index).padStart(2, '0')}`)));
    const remove = (path: string) => rm(join(docroot, path), { force: true });
    // In turn: rows before the reader go, the reader's last row goes, and more than a page comes in before them.
    const changes = [
      (read: readonly string[]) => Promise.all(read.slice(-4, -2).map(remove)),
      (read: readonly string[]) => remove(read.at(-1) ?? ''),
      (read: readonly string[]) =>
        Promise.all(Array.from({ length: 9 }, (_, index) => make(`a${read.length}-${index}`))),
    ];
    let turn = 0;
    const paths = await readAll({ path: '/lively', first: 7 }, async (read) => {
      await changes[turn % changes.length]?.(read);
      turn += 1;
    });
    const stayed = (await readdir(folder)).filter((name) => name.startsWith('m')).map((name) => `/lively/${name}`);
    expect(paths.filter((path) => stayed.includes(path))).toEqual(stayed.sort());
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('refuses a cursor of another folder, order or filter', async () => {
    const { pageInfo } = await list({ path: '/many', first: 2 });
    for (const other of [{ path: '/' }, { path: '/many', sort: 'TYPE' }, { path: '/many', filter: { names: ['*'] } }]) {
      const variables = { node: 'london', ...other, after: pageInfo.endCursor };
      const answer = await stack.everything.send(browse, variables, 'BrowseFiles');
      expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_CURSOR');
    }
  });

  it('says that a file is no folder, and that a folder is not there', async () => {
    const variables = { node: 'london', path: '/Große Dateien/Ωmega.txt' };
    const file = await stack.everything.send(browse, variables, 'BrowseFiles');
    expect(file.data).toEqual({ asperaNode: { files: null } });
    expect(file.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_INPUT' }, path: ['asperaNode', 'files'] });
    const missing = await stack.everything.send(browse, { node: 'london', path: '/nowhere' }, 'BrowseFiles');
    expect(missing.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
  });

  it('searches in depth', async () => {
    const query = `query ($maxDepth: Int) { asperaNode(source: "london") {
      search(path: "/Große Dateien", filter: { names: ["*.mov"] }, maxDepth: $maxDepth) { nodes { name } } } }`;
    const names = async (maxDepth?: number) => {
      const data = await stack.everything.data<{ asperaNode: { search: { nodes: { name: string }[] } } }>(query, {
        maxDepth,
      });
      return data.asperaNode.search.nodes.map(({ name }) => name);
    };
    expect(new Set(await names())).toEqual(new Set(['ein & zwei.mov', 'テスト.mov']));
    expect(await names(1)).toEqual(['ein & zwei.mov']);
  });

  it('asks for all paths of an operation in one call, and knows what is not there', async () => {
    stack.simulators.nodes[0]?.requests.clear();
    const data = await stack.everything.data(`{ asperaNode(source: "london") {
      one: file(path: "/Große Dateien/Ωmega.txt") { name type sizeBytes permissions }
      two: file(path: "/Große Dateien") { type sizeBytes }
      none: file(path: "/nowhere") { name }
    } }`);
    expect(data).toEqual({
      asperaNode: {
        one: { name: 'Ωmega.txt', type: 'FILE', sizeBytes: 5, permissions: expect.arrayContaining(['view']) },
        two: { type: 'DIRECTORY', sizeBytes: null },
        none: null,
      },
    });
    expect(calls('/files/info')).toBe(1);
  });

  it('finds a file again by its global id', async () => {
    const [file] = (await list({ path: '/Große Dateien', filter: { names: ['Ω*'] } })).nodes;
    const found = await stack.everything.data('query ($id: ID!) { node(id: $id) { id ... on AsperaFile { path } } }', {
      id: file?.id,
    });
    expect(found).toEqual({ node: { id: file?.id, path: file?.path } });
  });

  it('tells what the node, a folder and a storage hold, by one call each', async () => {
    stack.simulators.nodes[0]?.requests.clear();
    const { asperaNode } = await stack.everything.data<{ asperaNode: Record<string, unknown> }>(`{
      asperaNode(source: "london") {
        source
        info { nodeId version currentTime operatingSystem transferUser capabilities { name value } settings { name } }
        diskUsage(path: "/Große Dateien") { totalBytes fileCount folderCount }
        space { totalBytes freeBytes percentFree }
        nothing: diskUsage(path: "/nowhere") { fileCount }
      }
    }`);
    expect(asperaNode).toMatchObject({
      source: 'london',
      info: { nodeId: expect.any(String), version: expect.stringMatching(/^\d/), transferUser: 'xfer' },
      diskUsage: { fileCount: 3 },
      space: { totalBytes: expect.any(Number) },
      nothing: null,
    });
    expect(stack.simulators.nodes[0]?.requests.all()).toHaveLength(4);
  });
});

interface Changed {
  readonly [mutation: string]: {
    readonly results: readonly { readonly path: string; readonly ok: boolean; readonly error: unknown }[];
    readonly code?: string;
    readonly message?: string;
  };
}

describe('changing files of a node', () => {
  const results =
    '{ ... on Error { code message } ... on %s { results { path ok error { __typename code retryable } } } }';
  const change = async (mutation: string, input: object) => {
    const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
    const text = `mutation ($input: ${name}Input!) { ${mutation}(input: $input) ${results.replace('%s', `${name}Success`)} }`;
    const data = await stack.everything.data<Changed>(text, { input: { source: 'london', ...input } });
    return data[mutation];
  };

  it('makes folders, files and links, renames and deletes them, one call each', async () => {
    stack.simulators.nodes[0]?.requests.clear();
    const ok = (path: string) => ({ results: [{ path, ok: true, error: null }] });
    expect(await change('createFolder', { path: '/neu' })).toEqual(ok('/neu'));
    const contentsBase64 = Buffer.from('zwei\n').toString('base64');
    expect(await change('createFile', { path: '/neu/ä.txt', contentsBase64 })).toEqual(ok('/neu/ä.txt'));
    expect(await change('createSymlink', { path: '/neu/l', targetPath: '/neu/ä.txt' })).toEqual(ok('/neu/l'));
    expect(await change('renameFile', { path: '/neu/ä.txt', newName: 'ö.txt' })).toEqual(ok('/neu/ö.txt'));
    expect(await readFile(join(docroot, 'neu', 'ö.txt'), 'utf8')).toBe('zwei\n');
    expect(await change('deleteFiles', { paths: ['/neu'], recursive: true })).toEqual(ok('/neu'));
    expect(await readdir(docroot)).not.toContain('neu');
    expect(stack.simulators.nodes[0]?.requests.all()).toHaveLength(5);
  });

  it('is done as the example shows', async () => {
    const ok = { results: [{ path: '/beispiel', ok: true, error: null }] };
    const run = (variables: object, operation: string) =>
      stack.everything.data(browse, { node: 'london', ...variables }, operation);
    expect(await run({ path: '/beispiel' }, 'MakeFolder')).toEqual({ createFolder: ok });
    expect(await run({ paths: ['/beispiel'] }, 'RemoveFiles')).toEqual({ deleteFiles: ok });
  });

  it('answers for each path by itself', async () => {
    await mkdir(join(docroot, 'full'));
    await writeFile(join(docroot, 'full', 'a'), '');
    await writeFile(join(docroot, 'gone'), '');
    const deleted = await change('deleteFiles', { paths: ['/full', '/nowhere', '/gone'] });
    expect(deleted?.results).toEqual([
      { path: '/full', ok: false, error: { __typename: 'ConflictError', code: 'CONFLICT', retryable: false } },
      { path: '/nowhere', ok: false, error: { __typename: 'NotFoundError', code: 'NOT_FOUND', retryable: false } },
      { path: '/gone', ok: true, error: null },
    ]);
    expect(await readdir(join(docroot, 'full'))).toEqual(['a']);
    const again = await change('createFolder', { path: '/full' });
    expect(again?.results).toMatchObject([{ path: '/full', ok: false, error: { __typename: 'ConflictError' } }]);
  });

  it('refuses what cannot be meant before it asks the node', async () => {
    stack.simulators.nodes[0]?.requests.clear();
    expect(await change('createFile', { path: '/x', contentsBase64: 'not base64!' })).toMatchObject({
      code: 'BAD_INPUT',
    });
    expect(await change('renameFile', { path: '/full/a', newName: '../b' })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await change('renameFile', { path: '/', newName: 'b' })).toMatchObject({ code: 'BAD_INPUT' });
    expect(await change('deleteFiles', { paths: [] })).toMatchObject({ code: 'BAD_INPUT' });
    expect(stack.simulators.nodes[0]?.requests.all()).toEqual([]);
  });

  it('is only for those who may', async () => {
    const text = 'mutation { createFolder(input: { source: "london", path: "/no" }) { __typename } }';
    const answer = await stack.reader.send(text);
    expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    expect(answer.errors?.[0]?.message).toContain('node.write');
    const keys = await stack.reader.send('{ asperaNode(source: "london") { accessKeys { accessKeyId } } }');
    expect(keys.errors?.[0]?.message).toContain('node.admin');
  });
});
