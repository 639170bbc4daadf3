import type { JsonObject, JsonValue, TransferSpec } from './transfer-spec.ts';

/** Generations of the HTTP Gateway: 1 and 2 upload through a WebSocket, 3 by a form (aspera-apps-api.md, part D). */
export type HttpGatewayVersion = 'V1' | 'V2' | 'V3';

/** A header, or a field of a form. */
export interface NamedText {
  readonly name: string;
  readonly value: string;
}

/** What a browser sends to an HTTP Gateway to begin a transfer. */
export interface HttpGatewayRequest {
  readonly transport: 'HTTP' | 'WEB_SOCKET';
  /** Undefined for a WebSocket. */
  readonly method: 'GET' | 'POST' | undefined;
  readonly url: string;
  readonly headers: readonly NamedText[];
  /** Text fields of a form that come before its files. */
  readonly form: readonly NamedText[];
  /** Body of the request, or the first message of the WebSocket. */
  readonly json: JsonValue | undefined;
  /** Another way to begin the same download, where there is one. */
  readonly presign: HttpGatewayRequest | undefined;
}

/** The address cannot be that of an HTTP Gateway. The message is for the caller. */
export class InvalidGatewayUrl extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidGatewayUrl';
  }
}

/** Address without a trailing slash, and without the version that some write behind it. */
function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new InvalidGatewayUrl('`url` must be the address of an HTTP Gateway, e.g. https://host/aspera/http-gwy.');
  }
  url.pathname = url.pathname.replace(/(\/v\d)?\/*$/, '');
  return url;
}

const below = (url: URL, path: string) => `${url.href.replace(/\/$/, '')}${path}`;

const nameOf = (source: string | undefined) => source?.split('/').findLast((part) => part !== '');

/** What a browser calls the file that it saves: the name of the first source, and how many there are. */
function downloadName({ paths }: TransferSpec): string {
  const first = nameOf(paths[0]?.source) ?? 'download';
  return paths.length > 1 ? `${first} ${paths.length} Files` : first;
}

/** Generations 1 and 2 want these members for a download; they pack several files into one. */
const withDownloadMembers = (spec: TransferSpec): JsonObject => ({
  zip_required: false,
  source_root: '/',
  download_name: downloadName(spec),
  ...spec.json,
});

const request = (members: Partial<HttpGatewayRequest> & Pick<HttpGatewayRequest, 'url'>): HttpGatewayRequest => ({
  ...{ transport: 'HTTP', method: undefined, headers: [], form: [], json: undefined, presign: undefined },
  ...members,
});

const contentType: readonly NamedText[] = [{ name: 'Content-Type', value: 'application/json' }];

/** `source_root` is a folder of whoever runs ascp; a browser has none, and the gateway takes no notice of it. */
function openUpload({ json }: TransferSpec, url: URL, version: 'V1' | 'V2'): HttpGatewayRequest {
  const { source_root: _folder, ...spec } = json;
  const socket = new URL(below(url, `/${version.toLowerCase()}/upload`));
  socket.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return request({ transport: 'WEB_SOCKET', url: socket.href, json: { transfer_spec: spec } });
}

function beginDownload(spec: TransferSpec, url: URL): HttpGatewayRequest {
  const json = { transfer_spec: withDownloadMembers(spec) };
  return request({ method: 'POST', url: below(url, '/v1/download'), headers: contentType, json });
}

const upload = ({ json }: TransferSpec, url: URL) =>
  request({
    method: 'POST',
    url: below(url, '/v3/upload'),
    form: [{ name: 'x-aspera-spec', value: JSON.stringify(json) }],
  });

function download({ json }: TransferSpec, url: URL): HttpGatewayRequest {
  const value = Buffer.from(JSON.stringify(json)).toString('base64');
  const protocol = url.protocol.slice(0, -1);
  const presign = request({
    ...{ method: 'POST', url: below(url, '/v3/presign'), headers: contentType },
    json: { transfer_spec: json, method: 'GET', protocol, headers: { host: url.host } },
  });
  return request({
    ...{ method: 'GET', url: below(url, '/v3/download') },
    headers: [{ name: 'X-Aspera-Spec', value }],
    presign,
  });
}

/**
 * What a browser sends to an HTTP Gateway to begin the transfer of a spec: `/v1` and `/v2` as of generation 2, `/v3` as of
 * generation 3 (aspera-apps-api.md, part D). Undefined where the spec has no token: the gateway takes no other proof.
 * @throws InvalidGatewayUrl
 */
export function httpGatewayRequest(
  spec: TransferSpec,
  address: string,
  version: HttpGatewayVersion,
): HttpGatewayRequest | undefined {
  const url = readUrl(address);
  if (spec.token === undefined) return undefined;
  const isUpload = spec.direction === 'SEND';
  if (version === 'V3') return isUpload ? upload(spec, url) : download(spec, url);
  return isUpload ? openUpload(spec, url, version) : beginDownload(spec, url);
}
