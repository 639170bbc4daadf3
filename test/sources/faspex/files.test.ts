import { describe, expect, it } from 'vitest';
import type { FaspexFile } from '../../../src/sources/faspex/types.ts';
import { SourceError } from '../../../src/transport/source-error.ts';
import { type Answer, failure, openFor, openSource, type Received, startApi } from './fixture.ts';

const file = (name: string, more: object = {}) => ({
  path: `/${name}`,
  basename: name,
  type: 'file',
  size: '10',
  mtime: '2026-01-10T09:00:00Z',
  permissions: [{ name: 'view' }],
  ...more,
});

const all = [file('a'), file('b'), file('c')];

/** Serves three files one by one, as servers from 5.0.8 on do. */
const byToken = ({ query, text }: Received): Answer => {
  const body: unknown = JSON.parse(text);
  const token = query.get('iteration_token') ?? '0';
  expect((body as { iteration_token?: string }).iteration_token ?? '0').toBe(token);
  const index = Number(token);
  const headers = { 'x-aspera-next-iteration-token': index < 2 ? String(index + 1) : '' };
  return { json: { items: all.slice(index, index + 1), item_count: 1 }, headers };
};

/** Serves three files by offset, and knows no `/page`. */
const byOffset = ({ path, query }: Received): Answer => {
  if (path.endsWith('/page')) return { status: 404, json: { code: '1002', message: 'Unknown route.' } };
  const offset = Number(query.get('offset'));
  const items = all.slice(offset, offset + Number(query.get('limit')));
  return { json: { self: [], items, item_count: items.length, total_count: 3 } };
};

async function readAll(answer: (request: Received) => Answer, count: number) {
  await using server = await startApi(answer);
  await using source = openSource(server.url);
  const client = openFor(source);
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await client.packageFiles('43', { direction: 'RECEIVED', count, after });
    names.push(...page.items.map((item) => (item instanceof SourceError ? item.code : item.name)));
    after = page.next;
  } while (after !== undefined);
  return { names, paths: server.received.slice(1).map(({ path }) => path) };
}

describe('the files of a package', () => {
  it('are read to the end by iteration token', async () => {
    const { names, paths } = await readAll(byToken, 1);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(paths).toEqual(Array.from({ length: 3 }, () => '/api/v5/packages/43/files/received/page'));
  });

  it('are read to the end by offset from a server that knows no tokens', async () => {
    const { names, paths } = await readAll(byOffset, 2);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(paths).toEqual([
      '/api/v5/packages/43/files/received/page',
      '/api/v5/packages/43/files/received',
      '/api/v5/packages/43/files/received',
    ]);
  });

  it('end with an empty page even when the total is missing', async () => {
    const { names } = await readAll((request) => {
      const answer = byOffset(request);
      return answer.status === 404 ? answer : { json: { items: (answer.json as { items: unknown[] }).items } };
    }, 2);
    expect(names).toEqual(['a', 'b', 'c']);
  });

  it('are asked for in the name of a recipient, with path and filters', async () => {
    await using server = await startApi(() => ({ json: { items: [], item_count: 0 } }));
    await using source = openSource(server.url);
    const client = openFor(source);
    await client.packageFiles('43', {
      direction: 'RECEIVED',
      recipient: { recipientUserId: '7' },
      path: '/räume',
      basenames: ['*.mov'],
      fileTypes: ['FILE', 'SYMBOLIC_LINK'],
    });
    await client.packageFiles('43', { direction: 'SENT', recipient: { recipientWorkgroupId: '9' }, count: 10 });
    const [, first, second] = server.received;
    expect(Object.fromEntries(first?.query ?? [])).toEqual({ recipient_user_id: '7', per_page: '500' });
    expect(JSON.parse(first?.text ?? '')).toEqual({
      path: '/räume',
      filters: { basenames: ['*.mov'], types: ['file', 'symbolic_link'] },
    });
    expect(second?.path).toBe('/api/v5/packages/43/files/sent/page');
    expect(Object.fromEntries(second?.query ?? [])).toEqual({ recipient_workgroup_id: '9', per_page: '10' });
    expect(JSON.parse(second?.text ?? '')).toEqual({ path: '/', filters: { basenames: [] } });
  });

  it('have sizes as numbers, and none where a link has none', async () => {
    const items = [
      file('a', { size: '9007199254740991' }),
      file('l', { type: 'symbolic_link', size: '', mtime: null, permissions: null }),
      { path: '/x/y', type: 'socket' },
      { basename: 'no path' },
    ];
    await using server = await startApi(() => ({ json: { items, item_count: 4 } }));
    await using source = openSource(server.url);
    const page = await openFor(source).packageFiles('43', { direction: 'SENT' });
    const [big, link, odd, bad] = page.items as FaspexFile[];
    expect(big).toMatchObject({ sizeBytes: 9_007_199_254_740_991, fileType: 'FILE', permissions: ['view'] });
    expect(link).toMatchObject({ fileType: 'SYMBOLIC_LINK', sizeBytes: undefined, permissions: [] });
    expect(odd).toMatchObject({ name: 'y', fileType: 'OTHER' });
    expect(bad).toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });

  it('of a package that is not there are an error of the older call too', async () => {
    await using server = await startApi(() => ({ status: 404, json: { code: '1224', message: 'Package not found.' } }));
    await using source = openSource(server.url);
    const error = await failure(openFor(source).packageFiles('99', { direction: 'RECEIVED' }));
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'faspex has no such thing: Package not found.' });
    expect(server.received).toHaveLength(3);
  });

  it('are refused without the older call when they may not be seen', async () => {
    await using server = await startApi(() => ({ status: 403, json: { code: '2088', message: 'No.' } }));
    await using source = openSource(server.url);
    expect(await failure(openFor(source).packageFiles('43', { direction: 'RECEIVED' }))).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
    });
    expect(server.received).toHaveLength(2);
  });

  it('do not go on from a position that no page gave', async () => {
    await using server = await startApi(() => ({ status: 500 }));
    await using source = openSource(server.url);
    const client = openFor(source);
    for (const after of ['', 'x', '5', 'offset:', 'offset:x', 'offset:-1']) {
      expect(await failure(client.packageFiles('43', { direction: 'SENT', after }))).toMatchObject({
        code: 'BAD_INPUT',
      });
    }
    expect(server.received).toHaveLength(0);
  });

  it('of a shared folder are read at its node', async () => {
    await using server = await startApi(byOffset);
    await using source = openSource(server.url);
    const page = await openFor(source).sharedFolderFiles('1', '2', { path: '/sub' });
    expect(page.items).toHaveLength(3);
    expect(page).toMatchObject({ total: 3, next: undefined });
    expect(server.received.at(-1)?.path).toBe('/api/v5/nodes/1/shared_folders/2/browse');
  });
});
