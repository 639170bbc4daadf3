import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { TOKEN_HEADER } from '../callers.ts';
import { folderOf, toFolder, toPackage } from './answers.ts';
import { createUpstreamClient, type UpstreamClient, type UpstreamUrls } from './upstream-client.ts';

/** The yardstick: what the two operations cost where somebody writes them by hand, without GraphQL and without features. */
interface Body {
  readonly operationName: string;
  readonly variables: { readonly id?: string };
}

async function list(upstream: UpstreamClient, token: string) {
  const { packages, total_count } = await upstream.listPackages(token);
  const entries = await upstream.filesInfo(token, packages.map(folderOf));
  const edges = packages.map((pkg, index) => ({ node: { ...toPackage(pkg), folder: toFolder(entries[index]) } }));
  const pageInfo = { hasNextPage: packages.length < total_count };
  return { data: { faspex: { packages: { edges, pageInfo, totalCount: total_count } } } };
}

async function point(upstream: UpstreamClient, token: string, packageId: string) {
  return { data: { faspex: { package: toPackage(await upstream.package(token, packageId)) } } };
}

function send(response: ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function answer(upstream: UpstreamClient, token: string, text: string): Promise<object> {
  const { operationName, variables }: Body = JSON.parse(text);
  return operationName === 'List' ? list(upstream, token) : point(upstream, token, variables.id ?? '');
}

function readText(request: IncomingMessage, onText: (text: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onText(Buffer.concat(chunks).toString()));
}

export function startFloor(port: number, urls: UpstreamUrls): void {
  const upstream = createUpstreamClient(urls);
  createServer((request, response) => {
    const token = String(request.headers[TOKEN_HEADER]);
    readText(request, (text) => {
      answer(upstream, token, text).then(
        (value) => send(response, 200, value),
        (error: Error) => send(response, 500, { errors: [{ message: error.message }] }),
      );
    });
  }).listen(port, '127.0.0.1');
}
