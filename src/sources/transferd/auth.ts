import type { TokenProvider, UpstreamRequest } from '../../transport/upstream.ts';
import type { TransferdConfig } from './config.ts';

/**
 * The API key of the configuration in the metadata of every call, where one is given. The contract says that there is
 * a key (aspera-node-api.md §8, `authentication`), not under which name it is sent: hence `apiKeyHeader`.
 */
export function createTransferdAuth({ apiKey, apiKeyHeader }: TransferdConfig): TokenProvider {
  const headers: Readonly<Record<string, string>> = apiKey === undefined ? {} : { [apiKeyHeader]: apiKey.reveal() };
  const apply = (request: UpstreamRequest): UpstreamRequest => ({
    ...request,
    headers: { ...request.headers, ...headers },
  });
  return {
    credential: async () => ({ apply, expiresAtMs: undefined }),
    // A refused key is an error of the transport already, and there is no other to be had.
    isRefused: () => false,
    forget: () => false,
  };
}
