import { InvalidTransferSpec, readTransferSpec, type TransferSpec } from '../../../transfer-spec/transfer-spec.ts';
import type { UpstreamRequest } from '../../../transport/upstream.ts';
import { badAnswer } from '../errors.ts';
import type { FaspexDirection, FaspexRecipientChoice } from '../types.ts';
import { API, ask, type Exchange, segment } from './exchange.ts';

/** The recipient in whose name something is received, as the query spells it. */
export const recipientQuery = (recipient: FaspexRecipientChoice | undefined) => {
  if (recipient === undefined) return {};
  return 'recipientUserId' in recipient
    ? { recipient_user_id: recipient.recipientUserId }
    : { recipient_workgroup_id: recipient.recipientWorkgroupId };
};

/**
 * Reads a spec as it came: Faspex recognises the transfer by the cookie and the tags, which nobody may alter
 * (aspera-apps-api.md §5.5).
 */
async function askForSpec(exchange: Exchange, request: UpstreamRequest): Promise<TransferSpec> {
  const { body } = await ask(exchange, request);
  try {
    return readTransferSpec(body);
  } catch (error) {
    if (!(error instanceof InvalidTransferSpec)) throw error;
    throw badAnswer(exchange.source, `is not a transfer spec. ${error.message.replace(/\.$/, '')}`);
  }
}

/**
 * Asks for transfer specs (aspera-apps-api.md §5.5). Each one carries an id of its own in cookie and tags, so a spec is
 * neither repeated nor shared: the calls are declared `never`, though they change no package.
 */
export const createSpecCalls = (exchange: Exchange) => ({
  /** How to upload the files of a package; only its sender may. The server demands the paths (§5.5). */
  uploadSpec: async (packageId: string, paths: readonly string[]): Promise<TransferSpec> =>
    askForSpec(exchange, {
      operation: 'faspex.uploadSpec',
      method: 'POST',
      path: `${API}/packages/${segment(exchange, packageId)}/transfer_spec/upload`,
      query: { transfer_type: 'connect' },
      json: { paths },
      repeat: 'never',
    }),
  /** How to download a package, or some paths of it, as a recipient or as its sender. */
  downloadSpec: async (
    packageId: string,
    options: {
      readonly direction: FaspexDirection;
      readonly recipient?: FaspexRecipientChoice | undefined;
      /** The whole package when left out. */
      readonly paths?: readonly string[] | undefined;
    },
  ): Promise<TransferSpec> =>
    askForSpec(exchange, {
      operation: 'faspex.downloadSpec',
      method: 'POST',
      path: `${API}/packages/${segment(exchange, packageId)}/transfer_spec/download`,
      query: {
        type: options.direction.toLowerCase(),
        transfer_type: 'connect',
        ...recipientQuery(options.recipient),
      },
      // IBM's own client names paths by `source`; the OpenAPI document's form would need their types and sizes.
      json: options.paths === undefined ? {} : { paths: options.paths.map((source) => ({ source })) },
      repeat: 'never',
    }),
});
