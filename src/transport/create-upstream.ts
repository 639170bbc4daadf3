import { authorize } from './authorize.ts';
import { shareReads } from './share-reads.ts';
import type { Transport } from './transport.ts';
import type { Send, TokenProvider } from './upstream.ts';

/**
 * Everything between a source's client functions and its transport: what the operation may still spend, reads that
 * are shared within one identity, and the credential. Only the outermost step knows the operation's budget, so a
 * token renewal is never charged to whoever happened to need it.
 */
export function createUpstream(source: string, transport: Transport, provider: TokenProvider): Send {
  const plain: Send = (request, call) => transport.send(request, call.signal);
  const shared = shareReads(authorize(plain, provider));
  return (request, { identity, signal, budget }) => {
    try {
      budget?.spend(source);
    } catch (error) {
      return Promise.reject(error);
    }
    return shared(request, { identity, signal });
  };
}
