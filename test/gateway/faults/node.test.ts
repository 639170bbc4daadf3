import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../helpers/start-stack.ts';
import { describeFaults, prepareFaults } from './fault-table.ts';

let stack: Stack;
let spec: string;
let transferId: string;
beforeAll(async () => {
  stack = await startStack({ configure: prepareFaults });
  await writeFile(join(simulator().docroot, 'film.mov'), 'film');
  const { result } = await stack.everything.data<{ result: { spec: { json: unknown } } }>(
    'mutation { result: authorizeUpload(input: { source: "tokyo", destination: "/" }) { ... on AuthorizeUploadSuccess { spec { json } } } }',
  );
  spec = JSON.stringify(result.spec.json).replace(/"(\w+)":/g, '$1:');
  const started = await stack.everything.data<{ result: { transfer: { transferId: string } } }>(
    `mutation { ${starting()} }`,
  );
  transferId = started.result.transfer.transferId;
});
afterAll(() => stack?.stop());

const simulator = () => {
  const [london] = stack.simulators.nodes;
  if (!london) throw new Error('there is a node');
  return london;
};

const failure = '... on Error { code message retryable }';
const starting = (
  source = 'london',
) => `result: startTransfer(input: { source: "${source}", spec: { json: ${spec} }, paths: [{ source: "/film.mov" }] }) {
  ... on StartTransferSuccess { transfer { transferId } } ${failure} }`;

const node = (selection: string, source = 'london') => `asperaNode(source: "${source}") { ${selection} }`;

describeFaults({
  source: 'london',
  ask: (operation) => stack.everything.send(operation),
  faults: () => simulator().faults,
  reset: () => simulator().requests.clear(),
  healthy: 'faspex(source: "packages") { account { name } }',
  reads: [
    {
      name: 'what the node says of itself',
      selection: (source) => node('info { version }', source),
      path: ['asperaNode', 'info'],
    },
    {
      name: 'a list of transfers',
      selection: (source) => node('transfers { nodes { status } }', source),
      path: ['asperaNode', 'transfers'],
    },
    {
      name: 'a folder',
      selection: (source) => node('files { totalCount nodes { path } }', source),
      path: ['asperaNode', 'files'],
    },
    {
      name: 'one transfer',
      selection: (source) => node(`transfer(transferId: "${transferId}") { status }`, source),
      path: ['asperaNode', 'transfer'],
    },
    {
      name: 'a list of watch folders',
      selection: (source) => node('watchFolders { watchFolderId }', source),
      path: ['asperaNode', 'watchFolders'],
    },
    {
      name: 'a list of syncs',
      selection: (source) => node('syncSummaries { snid }', source),
      path: ['asperaNode', 'syncSummaries'],
    },
    {
      name: 'the rates of transfers',
      selection: (source) => node('bandwidth(startedAfter: "2026-01-01T00:00:00Z") { from }', source),
      path: ['asperaNode', 'bandwidth'],
    },
  ],
  writes: [
    {
      name: 'a started transfer',
      selection: starting,
      hits: { method: 'POST', path: '/ops/transfers' },
      sent: () => simulator().requests.count('POST', '/ops/transfers'),
    },
    {
      name: 'an authorized upload',
      selection: (source) => `result: authorizeUpload(input: { source: "${source}", destination: "/" }) {
        ... on AuthorizeUploadSuccess { spec { remoteHost } } ${failure} }`,
      sent: () => simulator().requests.count('POST', '/files/upload_setup'),
    },
    {
      name: 'deleted files',
      selection: (source) => `result: deleteFiles(input: { source: "${source}", paths: ["/none"] }) {
        ... on DeleteFilesSuccess { results { ok } } ${failure} }`,
      sent: () => simulator().requests.count('POST', '/files/delete'),
    },
    {
      name: 'a watch folder',
      selection: (
        source,
      ) => `result: createWatchFolder(input: { source: "${source}", sourcePath: "/a", targetPath: "/b",
        remote: { host: "127.0.0.1", port: 1, user: "u", password: "p" } }) {
        ... on CreateWatchFolderSuccess { watchFolder { watchFolderId } } ${failure} }`,
      sent: () => simulator().requests.count('POST', '/v3/watchfolders'),
    },
  ],
});

const transfers = `{ ${node('transfers { nodes { transferId } }')} }`;

describe('a node', () => {
  it('that refuses the credential is an error, not an empty folder', async () => {
    simulator().faults.add({ kind: 'status', status: 401 });
    const { data, errors } = await stack.everything.send(
      `{ ${node('files { nodes { path } } transfers { nodes { id } }')} }`,
    );
    simulator().faults.clear();
    expect(data).toEqual({ asperaNode: { files: null, transfers: null } });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([
      'SOURCE_UNAUTHENTICATED',
      'SOURCE_UNAUTHENTICATED',
    ]);
  });

  it('that answers 200 with nothing has not said that there is nothing', async () => {
    await simulator().switches.emptyAnswers?.({ times: 1000 });
    const { data, errors } = await stack.everything.send(transfers);
    await simulator().switches.emptyAnswers?.({ times: 0 });
    expect(data).toEqual({ asperaNode: { transfers: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'SOURCE_BAD_ANSWER', retryable: true } }]);
  });

  it('that answers nothing once for a transfer that it has is asked again', async () => {
    await simulator().switches.emptyAnswers?.({ times: 1 });
    await stack.everything.data(`{ ${node(`transfer(transferId: "${transferId}") { status }`)} }`);
  });

  it('goes on after a restart, without an error', async () => {
    await stack.everything.data(transfers);
    await simulator().restart();
    await stack.everything.data(transfers);
  });

  it('is one failing item among those of many sources', async () => {
    simulator().faults.add({ kind: 'drop' });
    const { data, errors } = await stack.everything.send<{ sources: { name: string; health: unknown }[] }>(
      '{ sources { name health { reachable detail } } }',
    );
    simulator().faults.clear();
    expect(errors).toBeUndefined();
    const health = Object.fromEntries(data?.sources.map(({ name, health: own }) => [name, own]) ?? []);
    expect(health.london).toMatchObject({ reachable: false, detail: expect.stringContaining('london') });
    expect(health).toMatchObject({ tokyo: { reachable: true }, packages: { reachable: true } });
  });
});
