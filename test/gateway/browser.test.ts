import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type ConnectApp, startConnectApp } from '../helpers/browser/connect-app.ts';
import { type HttpGateway, startHttpGateway } from '../helpers/browser/http-gateway.ts';
import { openPage } from '../helpers/browser/page.ts';
import { nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('browser');
const film = randomBytes(150_000);
const require = createRequire(import.meta.url);
const connectSdk = require.resolve('@ibm-aspera/connect-sdk-js/dist/js/connect-sdk.js');
const httpGatewaySdk = require.resolve('@ibm-aspera/http-gateway-sdk-js/js/http-gateway.js');

let stack: Stack;
/** Where the files of the person with the browser are. */
let home: string;
beforeAll(async () => {
  stack = await startStack();
  home = await mkdtemp(join(tmpdir(), 'browser-home-'));
  await mkdir(join(docroot(), 'folder'));
  await writeFile(join(docroot(), 'folder', 'film ü.mov'), film);
  await writeFile(join(home, 'own.mov'), film);
});
afterAll(async () => {
  await stack?.stop();
  await rm(home, { recursive: true, force: true });
});

const docroot = () => nodeOf(stack, 'tokyo').docroot;
const arrived = async (name: string) => (await readFile(join(docroot(), 'drop', name))).equals(film);

interface BrowserRequest {
  readonly transport: 'HTTP' | 'WEB_SOCKET';
  readonly method: string | null;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly form: readonly { readonly name: string; readonly value: string }[];
  readonly json: Record<string, unknown> | null;
  readonly presign?: BrowserRequest | null;
}

interface Spec {
  readonly json: Record<string, unknown>;
  readonly httpGateway: BrowserRequest;
}

interface Wishes {
  readonly gateway?: string;
  readonly version?: 'V1' | 'V2' | 'V3';
}

async function authorize(operation: string, variables: object, wishes: Wishes): Promise<Spec> {
  const { gateway = 'https://gateway.example/aspera/http-gwy', version = 'V3' } = wishes;
  const data = await stack.everything.data<Record<string, { spec: Spec }>>(
    example,
    { node: 'tokyo', gateway, version, ...variables },
    operation,
  );
  const [result] = Object.values(data);
  if (!result?.spec) throw new Error(JSON.stringify(result));
  return result.spec;
}

const forUpload = (wishes: Wishes = {}) => authorize('AuthorizeBrowserUpload', { destination: '/drop' }, wishes);
const forDownload = (wishes: Wishes = {}) =>
  authorize('AuthorizeBrowserDownload', { paths: [{ source: '/folder/film ü.mov' }] }, wishes);

/** The class as a page with Connect's SDK has it. */
type ConnectClass = new (
  options: object,
) => {
  addEventListener(kind: 'status', listener: (kind: string, status: string) => void): void;
  initSession(applicationId: string): unknown;
  startTransferPromise(spec: object, settings: object): Promise<unknown>;
  stop(): void;
};

async function openConnect(app: ConnectApp) {
  const page = openPage({ connectOrigin: app.origin });
  page.load(connectSdk);
  const { Connect } = page.window.AW4 as { Connect: ConnectClass };
  const connect = new Connect({ connectMethod: 'http', connectLaunchWaitTimeoutMs: 60_000 });
  await new Promise<void>((running) => {
    connect.addEventListener('status', (_kind, status) => {
      if (status === 'RUNNING') running();
    });
    connect.initSession('app-kUvTcGfhNcRNrIvRvPnUtA');
  });
  return connect;
}

describe('a page with the SDK of IBM Aspera Connect', () => {
  it('hands over the spec of an upload as it is, with the files that the person chose', async () => {
    const app = await startConnectApp(home);
    const connect = await openConnect(app);
    const { json } = await forUpload();
    await connect.startTransferPromise({ ...json, paths: [{ source: 'own.mov' }] }, { allow_dialogs: 'no' });
    connect.stop();
    expect(app.specs).toEqual([{ ...json, paths: [{ source: 'own.mov' }] }]);
    expect(await arrived('own.mov')).toBe(true);
  });

  it('hands over the spec of a download as it is', async () => {
    const app = await startConnectApp(home);
    const connect = await openConnect(app);
    const { json } = await forDownload();
    await connect.startTransferPromise(json, { allow_dialogs: 'no' });
    connect.stop();
    expect(app.specs).toEqual([json]);
    expect((await readFile(join(home, 'film ü.mov'))).equals(film)).toBe(true);
  });

  it('is told by Connect when a spec is not one that it takes', async () => {
    const connect = await openConnect(await startConnectApp(home));
    const { json } = await forUpload();
    const starting = connect.startTransferPromise({ ...json, sshfp: null, paths: [{ source: 'own.mov' }] }, {});
    await expect(starting).rejects.toMatchObject({ error: { user_message: 'null: sshfp' } });
    connect.stop();
  });
});

/** The SDK as it puts itself on `window`. */
interface HttpGatewaySdk {
  initHttpGateway(url: string): Promise<{ readonly version: string }>;
  upload(spec: object, id: string, files: readonly File[]): Promise<unknown>;
  download(spec: object, options: { readonly disableAutoDownload: true }): Promise<{ readonly url: string }>;
}

async function openGatewaySdk({ url }: HttpGateway): Promise<HttpGatewaySdk> {
  const page = openPage();
  page.load(httpGatewaySdk);
  const sdk = page.window.asperaHttpGateway as HttpGatewaySdk;
  await sdk.initHttpGateway(url);
  return sdk;
}

const chosen = (name: string) => new File([new Uint8Array(film)], name, { type: 'video/quicktime' });

describe('a page with the SDK of IBM Aspera HTTP Gateway', () => {
  it.each(['2.0.2', '2.3.0'])('uploads with the spec of an upload through a gateway of version %s', async (version) => {
    const gateway = await startHttpGateway(version);
    const sdk = await openGatewaySdk(gateway);
    const { json } = await forUpload();
    const name = `by-sdk-${version}.mov`;
    await sdk.upload({ ...json, paths: [{ source: name }] }, 'form', [chosen(name)]);
    await gateway.uploaded;
    expect(gateway.specs).toEqual([{ ...json, paths: [{ source: name }] }]);
    expect(await arrived(name)).toBe(true);
  });

  it('downloads with the spec of a download', async () => {
    const gateway = await startHttpGateway('2.3.0');
    const sdk = await openGatewaySdk(gateway);
    const { json } = await forDownload();
    const { url } = await sdk.download(json, { disableAutoDownload: true });
    expect(gateway.specs).toEqual([json]);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(film)).toBe(true);
  });
});

/** Sends what the graph says, and nothing of its own. */
async function send({ url, method, headers, json, form }: BrowserRequest, files: Record<string, Buffer> = {}) {
  const body = new FormData();
  for (const { name, value } of form) body.append(name, value);
  for (const [name, bytes] of Object.entries(files)) body.append('file', new Blob([new Uint8Array(bytes)]), name);
  const answer = await fetch(url, {
    method: method ?? '',
    headers: headers.map(({ name, value }) => [name, value] as [string, string]),
    ...(form.length > 0 ? { body } : json === null ? {} : { body: JSON.stringify(json) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(String(bytes));
  return bytes;
}

/** The same spec, with the files that the person chose. */
function withPaths(request: BrowserRequest, paths: readonly object[]): BrowserRequest {
  const form = request.form.map(({ name, value }) => ({
    name,
    value: JSON.stringify({ ...JSON.parse(value), paths }),
  }));
  const spec = request.json?.transfer_spec as object | undefined;
  return { ...request, form, json: spec ? { transfer_spec: { ...spec, paths } } : request.json };
}

describe('a page with nothing but `httpGateway` of the spec', () => {
  it('uploads by a form to a gateway of generation 3', async () => {
    const gateway = await startHttpGateway('3.1.0');
    const { httpGateway } = await forUpload({ gateway: gateway.url });
    expect(httpGateway).toMatchObject({
      transport: 'HTTP',
      method: 'POST',
      url: `${gateway.url}/v3/upload`,
      json: null,
    });
    await send(withPaths(httpGateway, [{ source: 'by-form.mov' }]), { 'by-form.mov': film });
    expect(await arrived('by-form.mov')).toBe(true);
  });

  it('downloads from a gateway of generation 3, at once and by an address', async () => {
    const gateway = await startHttpGateway('3.1.0');
    const { json, httpGateway } = await forDownload({ gateway: `${gateway.url}/` });
    expect((await send(httpGateway)).equals(film)).toBe(true);
    const presign = httpGateway.presign;
    if (!presign) throw new Error('no presign');
    const { signed_url } = JSON.parse(String(await send({ ...presign, form: [] }))) as { signed_url: string };
    expect(Buffer.from(await (await fetch(signed_url)).arrayBuffer()).equals(film)).toBe(true);
    expect(gateway.specs).toEqual([json, json]);
  });

  it('downloads from a gateway of generation 2', async () => {
    const gateway = await startHttpGateway('2.3.0');
    const { httpGateway } = await forDownload({ gateway: `${gateway.url}/v1`, version: 'V2' });
    expect(httpGateway.json?.transfer_spec).toMatchObject({ zip_required: false, download_name: 'film ü.mov' });
    const { url } = JSON.parse(String(await send(httpGateway))) as { url: string };
    const file = await fetch(new URL(url, gateway.url));
    expect(Buffer.from(await file.arrayBuffer()).equals(film)).toBe(true);
  });

  it.each(['V1', 'V2'] as const)('uploads through the WebSocket of generation %s', async (version) => {
    const gateway = await startHttpGateway('2.3.0');
    const { httpGateway } = await forUpload({ gateway: gateway.url, version });
    expect(httpGateway).toMatchObject({ transport: 'WEB_SOCKET', method: null, headers: [], form: [] });
    expect(httpGateway.url).toBe(`${gateway.url.replace('http:', 'ws:')}/${version.toLowerCase()}/upload`);
    const name = `by-socket-${version}.mov`;
    const socket = new WebSocket(httpGateway.url);
    const slice = { name, size: film.length, slice: 0, total_slices: 1, fileIndex: 0 };
    socket.once('open', () => {
      socket.send(JSON.stringify(withPaths(httpGateway, [{ source: name }]).json));
      const data = version === 'V1' ? { data: film.toString('base64') } : {};
      socket.send(JSON.stringify({ slice_upload: { ...slice, ...data } }));
      if (version === 'V2') socket.send(film);
    });
    await gateway.uploaded;
    socket.close();
    expect(await arrived(name)).toBe(true);
  });
});

it('an address that is none is refused before it is written into anything', async () => {
  for (const gateway of ['gateway.example', 'ftp://gateway.example', 'https://u:p@gateway.example', '']) {
    const variables = { node: 'tokyo', destination: '/drop', gateway, version: 'V3' };
    const { errors } = await stack.everything.send(example, variables, 'AuthorizeBrowserUpload');
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_INPUT']);
  }
});
