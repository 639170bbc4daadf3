import type { Transport } from '../../transport/transport.ts';
import type { UpstreamResponse } from '../../transport/upstream.ts';
import { envelopeOf, sentAction } from './envelope.ts';
import { isSessionRefused, transactionLost } from './errors.ts';
import { wireTransaction } from './wire.ts';

/** Which session each open transaction was made in. A transaction that is not in here cannot be continued. */
type Origins = Map<string, string | undefined>;

/** A rollback ends the transaction whatever is answered; a commit that failed is still to be rolled back. */
const isOver = (action: string, response: UpstreamResponse) =>
  action === 'rollbackTransaction' || (action === 'commitTransaction' && envelopeOf(response.body)?.errorCode === 0);

function noteCreated(origins: Origins, authToken: string | undefined, response: UpstreamResponse): void {
  const created = wireTransaction.safeParse(envelopeOf(response.body)?.result).data;
  if (created) origins.set(created.transactionId, authToken);
}

/** Sends a request of a transaction in the session that the transaction was made in, or not at all. */
async function sendInside(
  origins: Origins,
  sent: { readonly source: string; readonly transactionId: string; readonly authToken: string | undefined },
  attempt: () => Promise<UpstreamResponse>,
): Promise<UpstreamResponse> {
  const { source, transactionId, authToken } = sent;
  const origin = origins.get(transactionId);
  const response = origin !== undefined && origin === authToken ? await attempt() : undefined;
  if (response && !isSessionRefused(response)) return response;
  origins.delete(transactionId);
  throw transactionLost(source);
}

/**
 * A transport that never carries a transaction's request into another session. A refused session is otherwise
 * replaced and the request repeated, which inside a transaction would run the rest of it on its own: there it is a
 * conflict instead (faircom-netography-api.md §A4, §A11).
 */
export function guardTransactions(source: string, transport: Transport): Transport {
  const origins: Origins = new Map();
  return {
    send: async (request, signal) => {
      const { action, authToken, transactionId } = sentAction(request.json);
      const attempt = () => transport.send(request, signal);
      if (transactionId === undefined) {
        const response = await attempt();
        if (action === 'createTransaction') noteCreated(origins, authToken, response);
        return response;
      }
      const response = await sendInside(origins, { source, transactionId, authToken }, attempt);
      if (isOver(action, response)) origins.delete(transactionId);
      return response;
    },
    close: () => transport.close(),
  };
}
