/**
 * An application of one's own with a transfer daemon (transferd) on its machine: it asks the gateway for a transfer
 * spec, has the daemon run it through the gateway, and follows the transfer to its end over a WebSocket.
 *
 *   npm run demo                                    # in another terminal; prints the key
 *   GATEWAY_KEY=<key> node examples/s2.ts /report.pdf tokyo /Inbound
 *
 * The file is one of the daemon's machine; the last two are the node and its folder that the file goes to.
 */
import { argv, env } from 'node:process';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const url = env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';
const authorization = `Bearer ${env.GATEWAY_KEY}`;
const [file, node, folder] = argv.slice(2);

/** Sends an operation and gives its data. */
async function send<Data>(query: string, variables: object): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]?.message);
  return data;
}

// 1. The node that is to receive the file makes a transfer spec: it holds the token that allows the upload.
const { authorizeUpload } = await send<{ authorizeUpload: { spec: { json: unknown }; message?: string } }>(
  `mutation ($node: String!, $folder: String!) {
    authorizeUpload(input: { source: $node, destination: $folder }) {
      ... on AuthorizeUploadSuccess { spec { json } }
      ... on Error { message }
    }
  }`,
  { node, folder },
);
if (authorizeUpload.message) throw new Error(authorizeUpload.message);

// 2. The daemon runs it, with a file of its machine.
const { startLocalTransfer } = await send<{ startLocalTransfer: { transfer: { id: string }; message?: string } }>(
  `mutation ($spec: JSON!, $file: String!) {
    startLocalTransfer(input: { spec: { json: $spec }, paths: [{ source: $file }] }) {
      ... on StartLocalTransferSuccess { transfer { id } }
      ... on Error { message }
    }
  }`,
  { spec: authorizeUpload.spec.json, file },
);
if (startLocalTransfer.message) throw new Error(startLocalTransfer.message);

// 3. Every change is told as it happens; the subscription completes when the transfer has ended.
const socket = createClient({
  url: url.replace(/^http/, 'ws'),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
});
interface Transfer {
  readonly status: string;
  readonly progress: number | null;
  readonly bytesTransferred: number;
  readonly error: { readonly description: string } | null;
}
const events = socket.iterate<{ transferProgress: { transfer: Transfer } }>({
  query: `subscription ($id: ID!) {
    transferProgress(id: $id) {
      transfer {
        status progress bytesTransferred
        ... on TransferdTransfer { error { description } }
      }
    }
  }`,
  variables: { id: startLocalTransfer.transfer.id },
});
let last: Transfer | undefined;
for await (const { data, errors } of events) {
  if (errors) throw new Error(errors[0]?.message);
  last = data?.transferProgress.transfer;
  if (!last) continue;
  const percent = last.progress === null ? '' : `${Math.floor(last.progress * 100)} %`;
  console.log(last.status, percent, `${last.bytesTransferred} bytes`);
}
await socket.dispose();
if (last?.status !== 'COMPLETED') throw new Error(last?.error?.description ?? `the transfer is ${last?.status}`);
