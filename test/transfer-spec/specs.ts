import { type AscpOptions, renderAscp } from '../../src/transfer-spec/ascp.ts';
import { type JsonObject, readTransferSpec } from '../../src/transfer-spec/transfer-spec.ts';

/** The smallest spec of an upload. */
export const upload: JsonObject = {
  direction: 'send',
  remote_host: 'tokyo.example.com',
  remote_user: 'xfer',
  destination_root: '/in',
  paths: [{ source: 'film.mov' }],
};

/** The base64 of `/in`. */
export const IN = 'L2lu';

const plain: AscpOptions = {
  listFile: 'list.txt',
  keyFile: undefined,
  bypassKeyFile: undefined,
  destination: undefined,
  transferId: 'made-up-id',
};

/** Renders the upload with other members. */
export const render = (members: JsonObject = {}, options: Partial<AscpOptions> = {}) =>
  renderAscp(readTransferSpec({ ...upload, ...members }), { ...plain, ...options });

/** The arguments that members add to those of the plain upload. */
export function added(members: JsonObject, options: Partial<AscpOptions> = {}): readonly string[] {
  const usual = new Set(render().arguments);
  return render(members, options).arguments.filter((word) => !usual.has(word));
}
