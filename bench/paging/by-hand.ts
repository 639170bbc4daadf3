import { connect, type List, PAGE, type ReadList } from './list.ts';
import type { Places } from './servers.ts';

/** The lists as a program reads them that calls the vendors' APIs itself, and does no more than it must. */

const basic = ({ accessKeyId, accessKeySecret }: Places) => ({
  authorization: `Basic ${Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64')}`,
});

interface Browsed {
  readonly items: readonly { readonly path: string }[];
  readonly total_count: number;
}

async function* readFilesByPath({ places }: Parameters<ReadList>[0]): ReturnType<ReadList> {
  const { send, close } = connect(places.nodeUrl);
  let total = 1;
  for (let skip = 0; skip < total; ) {
    const json = { path: places.path, skip, count: PAGE, sort: 'path' };
    const { body } = await send({ method: 'POST', path: '/files/browse', headers: basic(places), json });
    const { items, total_count } = body as Browsed;
    yield items.map(({ path }) => path);
    skip += items.length;
    total = total_count;
  }
  await close();
}

async function* readFilesById({ places }: Parameters<ReadList>[0]): ReturnType<ReadList> {
  const { send, close } = connect(places.nodeUrl);
  const query = `per_page=${PAGE}&include=access_levels`;
  for (let token: string | undefined = ''; token !== undefined; ) {
    const behind = token === '' ? '' : `&iteration_token=${encodeURIComponent(token)}`;
    const path = `/files/${places.fileId}/files?${query}${behind}`;
    const { body, headers } = await send({
      ...{ method: 'GET', path },
      headers: { ...basic(places), 'accept-version': '4.0' },
    });
    yield (body as readonly { readonly id: string }[]).map(({ id }) => id);
    const next: string | string[] | undefined = headers['x-aspera-next-iteration-token'];
    token = typeof next === 'string' ? next : undefined;
  }
  await close();
}

interface Called {
  readonly errorCode: number;
  readonly authToken?: string;
  readonly result?: { readonly data: readonly { readonly id: string }[]; readonly moreRecords: boolean };
}

const responseOptions = { dataFormat: 'objects', numberFormat: 'string', binaryFormat: 'hex' };

/** Nothing follows the key. */
const KEY_NOT_FOUND = 4046;

async function* readRecords({ places }: Parameters<ReadList>[0]): ReturnType<ReadList> {
  const { faircomUrl, tls, username, password, tableName } = places;
  const { send, close } = connect(faircomUrl, tls);
  const call = async (json: object) => (await send({ method: 'POST', path: '/api', json })).body as Called;
  const login = await call({ api: 'admin', action: 'createSession', params: { username, password } });
  const table = { databaseName: 'ctreeSQL', ownerName: 'admin', tableName, maxRecords: PAGE };
  const read = (action: string, params: object) =>
    call({ api: 'db', action, authToken: login.authToken, responseOptions, params: { ...table, ...params } });
  let called = await read('getRecordsByIndex', { indexName: 'id_pk' });
  while (called.errorCode !== KEY_NOT_FOUND) {
    const rows = called.result?.data ?? [];
    yield rows.map(({ id }) => id);
    if (!called.result?.moreRecords) break;
    const indexFields = [{ fieldName: 'id', value: rows.at(-1)?.id }];
    called = await read('getRecordsStartingAtKey', { indexFilter: { indexName: 'id_pk', operator: '>', indexFields } });
  }
  await close();
}

export const byHand: Readonly<Record<List, ReadList>> = {
  'files by path': readFilesByPath,
  'files by id': readFilesById,
  records: readRecords,
};
