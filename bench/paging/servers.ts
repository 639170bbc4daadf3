import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFairComSimulator, type FairComSimulator } from '../../simulators/faircom/faircom-simulator.ts';
import { createNodeSimulator, type NodeSimulator } from '../../simulators/node/node-simulator.ts';
import { createTable, elsewhere, shipments } from '../../test/helpers/faircom-tables.ts';

export interface Sizes {
  /** Files in one folder of the node. */
  readonly files: number;
  /** Rows in one table of the FairCom server. */
  readonly rows: number;
}

/** Where the lists are, and how whoever reads them proves who they are. */
export interface Places {
  readonly nodeUrl: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly path: string;
  readonly fileId: string;
  readonly faircomUrl: string;
  /** FairCom demands a client certificate. */
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  readonly username: string;
  readonly password: string;
  readonly tableName: string;
}

export interface Servers {
  readonly places: Places;
  /** Requests that both servers have had since this was last asked. */
  takeRequests(): number;
  close(): Promise<void>;
}

const FOLDER = 'dailies';

async function fillFolder(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  for (let first = 0; first < count; first += 1_000) {
    const numbers = Array.from({ length: Math.min(1_000, count - first) }, (_, index) => first + index);
    await Promise.all(
      numbers.map((number) => writeFile(join(folder, `frame-${String(number).padStart(7, '0')}.dpx`), '')),
    );
  }
}

const shipment = (number: number) => ({
  code: `S-${String(number).padStart(7, '0')}`,
  title: `Feature ${number}`,
  state: 'delivered',
  bytes: String(1_000_000 + number * 997),
  rate: `${number % 1_000}.2500`,
  sent: '2026-11-26T08:00:00.000',
  ok: true,
  meta: { priority: number % 5 },
});

async function fillTable(faircom: FairComSimulator, count: number): Promise<void> {
  await createTable(faircom, { ...shipments, indexes: [] });
  for (let first = 0; first < count; first += 1_000) {
    const sourceData = Array.from({ length: Math.min(1_000, count - first) }, (_, index) => shipment(first + index));
    const params = { tableName: shipments.tableName, dataFormat: 'objects', sourceData };
    await elsewhere(faircom, 'insertRecords', params);
  }
}

async function idOfFolder({ url, accessKeyId, accessKeySecret }: NodeSimulator): Promise<string> {
  const basic = Buffer.from(`${accessKeyId}:${accessKeySecret}`).toString('base64');
  const reply = await fetch(`${url}/files/1/files`, { headers: { authorization: `Basic ${basic}` } });
  const files = (await reply.json()) as readonly { readonly id: string; readonly name: string }[];
  return files.find(({ name }) => name === FOLDER)?.id ?? '';
}

/** A node with a large folder and a FairCom server with a large table. */
export async function startServers({ files, rows }: Sizes): Promise<Servers> {
  const home = await mkdtemp(join(tmpdir(), 'paging-'));
  const [docroot, dataFolder] = [join(home, 'docroot'), join(home, 'faircom')];
  await Promise.all([mkdir(docroot), mkdir(dataFolder)]);
  const node = createNodeSimulator({ name: 'bench', docroot });
  const faircom = createFairComSimulator({ dataFolder, seed: false });
  await Promise.all([node.start(), faircom.start()]);
  await fillFolder(join(docroot, FOLDER), files);
  await fillTable(faircom, rows);
  const { url: nodeUrl, accessKeyId, accessKeySecret } = node;
  const { url: faircomUrl, username, password, caFile, certFile, keyFile } = faircom;
  const places = {
    ...{ nodeUrl, accessKeyId, accessKeySecret, path: `/${FOLDER}`, fileId: await idOfFolder(node) },
    ...{ faircomUrl, tls: { caFile, certFile, keyFile }, username, password, tableName: shipments.tableName },
  };
  return {
    places,
    takeRequests: () => {
      const logs = [node.requests, faircom.requests];
      const count = logs.reduce((sum, log) => sum + log.count(), 0);
      for (const log of logs) log.clear();
      return count;
    },
    close: async () => {
      await Promise.all([node.close(), faircom.close()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}
