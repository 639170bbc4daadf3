import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Served, serve } from '../serve.ts';
import { faultOf, type ReceivedSpec, transferFiles } from './transfer-files.ts';

interface StartRequest {
  readonly transfer_specs: readonly { readonly transfer_spec: ReceivedSpec }[];
}

/** Plays IBM Aspera Connect on the machine of a person: takes specs from web pages, and transfers. */
export interface ConnectApp {
  readonly origin: string;
  /** The specs that pages have sent. */
  readonly specs: readonly ReceivedSpec[];
}

/** @param folder where the files of the person are */
export async function startConnectApp(folder: string): Promise<ConnectApp> {
  const specs: ReceivedSpec[] = [];
  const start = async (body: string) => {
    const { transfer_specs } = JSON.parse(body) as StartRequest;
    const [first] = transfer_specs;
    if (!first) throw new Error('no transfer spec');
    specs.push(first.transfer_spec);
    const fault = faultOf(first.transfer_spec);
    if (fault !== undefined) throw new Error(fault);
    // Real ones answer at once; this one when the transfer has ended, so that a test need not poll.
    await transferFiles(first.transfer_spec, folder);
    return { transfer_specs };
  };
  const answer = async (request: IncomingMessage): Promise<object> => {
    const path = request.url?.replace(/^\/v\d+/, '');
    if (path === '/connect/info/ping') return { ready: true };
    if (path === '/connect/info/version') return { version: '4.2.12' };
    if (path === '/connect/transfers/start') return start(await text(request));
    throw new Error('no such call');
  };
  const server: Served = await serve(async (request, response) => {
    try {
      response.end(JSON.stringify(await answer(request)));
    } catch (error) {
      response.statusCode = 400;
      response.end(JSON.stringify({ error: { code: 400, user_message: (error as Error).message } }));
    }
  });
  return { origin: server.origin, specs };
}
