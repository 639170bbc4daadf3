import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { buffer, json } from 'node:stream/consumers';
import { inFolder, type ReceivedSpec, transferFiles } from './transfer-files.ts';

/** Reads a spec that a browser sent. @throws Error when the gateway does not take it */
export type Accept = (spec: unknown) => ReceivedSpec;

/** Answers a request to an HTTP Gateway. @throws Error when it cannot be answered */
export type GatewayRoutes = (request: IncomingMessage, path: string) => Promise<Buffer>;

/** Downloads what a spec names; of several files the first. */
const fetchFile = (spec: ReceivedSpec) =>
  inFolder(async (folder) => {
    const [path] = spec.paths as { source: string }[];
    await transferFiles(spec, folder);
    return readFile(join(folder, basename(path?.source ?? '')));
  });

/** Uploads files under the names by which the spec's paths call them. */
export const storeFiles = (spec: ReceivedSpec, files: ReadonlyMap<string, Buffer>): Promise<void> =>
  inFolder(async (folder) => {
    for (const [name, bytes] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    await transferFiles(spec, folder);
  });

const asJson = (value: object) => Buffer.from(JSON.stringify(value));

/** Stores the files of a form (`/v3/upload`). */
async function takeForm(request: IncomingMessage, accept: Accept): Promise<Buffer> {
  const { 'content-type': type = '' } = request.headers;
  const body = new Uint8Array(await buffer(request));
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const spec = accept(JSON.parse(String(form.get('x-aspera-spec'))));
  const files = form.getAll('file').filter((file) => file instanceof File);
  const contents = files.map(async (file) => [file.name, Buffer.from(await file.arrayBuffer())] as const);
  await storeFiles(spec, new Map(await Promise.all(contents)));
  return asJson({});
}

interface PresignRequest {
  readonly transfer_spec: unknown;
  readonly method: string;
  readonly protocol: string;
  readonly headers: { readonly host: string };
}

/**
 * The requests of every generation.
 * @param base path of the gateway
 */
export function createGatewayRoutes(base: string, version: string, accept: Accept): GatewayRoutes {
  const waiting = new Map<string, ReceivedSpec>();
  const keep = (spec: ReceivedSpec) => {
    const id = randomUUID();
    waiting.set(id, spec);
    return id;
  };
  const info = async () => asJson({ name: 'IBM Aspera HTTP Gateway', version, endpoints: [] });
  const routes: Readonly<Record<string, (request: IncomingMessage) => Promise<Buffer>>> = {
    'GET /info': info,
    'GET /v1/info': info,
    'POST /v1/download': async (request) => {
      const id = keep(accept(((await json(request)) as { transfer_spec: unknown }).transfer_spec));
      return asJson({ transfer_spec_id: id, url: `${base}/v1/download/${id}` });
    },
    'GET /v3/download': (request) => {
      const header = Buffer.from(String(request.headers['x-aspera-spec']), 'base64');
      return fetchFile(accept(JSON.parse(header.toString('utf8'))));
    },
    'POST /v3/presign': async (request) => {
      const { transfer_spec, method, protocol, headers } = (await json(request)) as PresignRequest;
      if (method !== 'GET') throw new Error('only downloads are presigned');
      return asJson({ signed_url: `${protocol}://${headers.host}${base}/v3/download/${keep(accept(transfer_spec))}` });
    },
    'POST /v3/upload': (request) => takeForm(request, accept),
  };
  return async (request, path) => {
    const kept = waiting.get(/^\/v[13]\/download\/([\w-]+)$/.exec(path)?.[1] ?? '');
    if (request.method === 'GET' && kept) return fetchFile(kept);
    const route = routes[`${request.method} ${path}`];
    if (!route) throw new Error(`no such call: ${request.method} ${path}`);
    return route(request);
  };
}
