import {
  type HttpGatewayRequest,
  type HttpGatewayVersion,
  httpGatewayRequest,
  InvalidGatewayUrl,
} from '../transfer-spec/http-gateway.ts';
import type { TransferSpec } from '../transfer-spec/transfer-spec.ts';
import { SourceError } from '../transport/source-error.ts';

export interface HttpGatewayArguments {
  readonly url: string;
  readonly version: HttpGatewayVersion;
}

/** What a browser sends to an HTTP Gateway to begin the transfer of a spec; null where the spec has no token. */
export function gatewayRequestOf(spec: TransferSpec, args: HttpGatewayArguments): HttpGatewayRequest | null {
  try {
    return httpGatewayRequest(spec, args.url, args.version) ?? null;
  } catch (error) {
    if (!(error instanceof InvalidGatewayUrl)) throw error;
    throw new SourceError('BAD_INPUT', error.message, { source: 'gateway', cause: error });
  }
}
