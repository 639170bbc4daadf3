import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runDesktopClient } from '../../../simulators/node/protocol/desktop-client.ts';
import { basicOf, type Json, type NodeCalls, startTwo, temporaryFolder } from './start-nodes.ts';

let london: NodeCalls;
let home: string;
const bytes = randomBytes(500_000);

beforeEach(async () => {
  ({ london } = await startTwo());
  home = await temporaryFolder();
});

describe("a desktop client that is handed a node's spec", () => {
  it('sends files, and the node keeps a record with its tags and cookie', async () => {
    await writeFile(join(home, 'a'), bytes);
    const tags = { aspera: { xfer_id: 'd1' } };
    const spec = await london.setup('upload', { destination_root: '/in', tags, cookie: 'c' });
    const seen: number[] = [];
    const onProgress = (count: number) => seen.push(count);
    const result = await runDesktopClient({ ...spec, paths: [{ source: 'a' }] }, home, { onProgress });
    expect(result).toEqual({
      status: 'completed',
      errorCode: 0,
      errorDescription: '',
      bytesTransferred: bytes.length,
      filesCompleted: 1,
      filesSkipped: 0,
    });
    expect(seen.at(-1)).toBe(bytes.length);
    expect((await readFile(join(london.node.docroot, 'in/a'))).equals(bytes)).toBe(true);
    expect(await london.list()).toMatchObject([
      { status: 'completed', bytes_transferred: bytes.length, start_spec: { endpoint: 'server', tags, cookie: 'c' } },
    ]);
  });

  it('receives files into its own folder, whatever the destination of the spec', async () => {
    await writeFile(join(london.node.docroot, 'b'), bytes);
    const spec = await london.setup('download', { paths: [{ source: '/b' }] });
    const result = await runDesktopClient({ ...spec, destination_root: '/on/the/server' }, home);
    expect(result).toMatchObject({ status: 'completed', filesCompleted: 1 });
    expect((await readFile(join(home, 'b'))).equals(bytes)).toBe(true);
  });

  it('finds the node by the token of a spec that names the well-known port', async () => {
    const { london: paris, peers } = await startTwo();
    await writeFile(join(home, 'a'), bytes);
    const token = basicOf(paris.node.accessKeyId, paris.node.accessKeySecret);
    const own = { direction: 'send', remote_host: '127.0.0.1', ssh_port: 33001, token, destination_root: '/' };
    const result = await runDesktopClient({ ...own, paths: [{ source: 'a' }] }, home, { peers });
    expect(result.status).toBe('completed');
    expect(await paris.list('', paris.keyHeaders)).toMatchObject([
      { start_spec: { server_access_key: paris.node.accessKeyId } },
    ]);
  });

  it('is refused with the reason, and is cancelled by its signal', async () => {
    await writeFile(join(home, 'a'), bytes);
    const spec = { ...(await london.setup('upload', { destination_root: '/' })), paths: [{ source: 'a' }] };
    expect(await runDesktopClient({ ...spec, token: 'ATB3_ACx_3BTA' }, home)).toMatchObject({
      status: 'failed',
      errorCode: 37,
      errorDescription: 'Not authorized: token cannot be decoded',
    });
    const controller = new AbortController();
    const options = { targetRateKbps: 500, signal: controller.signal, onProgress: () => controller.abort() };
    expect(await runDesktopClient(spec, home, options)).toMatchObject({ status: 'canceled', errorCode: 28 });
    const [served] = await london.list();
    expect(await london.reaches(served?.id, 'canceled')).toMatchObject({ error_code: 28 });
  });

  it('is broken off by the switch of the node', async () => {
    await writeFile(join(home, 'a'), bytes);
    const spec = { ...(await london.setup('upload', { destination_root: '/' })), paths: [{ source: 'a' }] };
    const running = runDesktopClient(spec, home, { targetRateKbps: 100 });
    await expect.poll(() => london.list()).toMatchObject([{ status: 'running' }]);
    const [served] = await london.list();
    await london.flip('breakTransfer', { id: served?.id, code: 36, description: 'Disk write error' });
    expect(await running).toMatchObject({ status: 'failed', errorCode: 36, errorDescription: 'Disk write error' });
  });
});

/** Speaks the protocol by hand: one JSON frame, then the JSON frames that come back until the node closes. */
async function speak(messages: Json[]): Promise<Json[]> {
  const socket = connect(london.node.sshPort, '127.0.0.1');
  await once(socket, 'connect');
  for (const message of messages) {
    const payload = Buffer.from(JSON.stringify(message));
    const head = Buffer.alloc(5);
    head.write('J');
    head.writeUInt32BE(payload.length, 1);
    socket.write(Buffer.concat([head, payload]));
  }
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer);
    if (Buffer.concat(chunks).includes('"failed"')) socket.end();
  }
  let rest = Buffer.concat(chunks);
  const answers: Json[] = [];
  while (rest.length >= 5) {
    const end = 5 + rest.readUInt32BE(1);
    answers.push(JSON.parse(rest.subarray(5, end).toString()) as Json);
    rest = rest.subarray(end);
  }
  return answers;
}

describe('anything else that speaks the protocol', () => {
  it('cannot write outside what its hello named, or outside the docroot', async () => {
    const { token } = await london.setup('upload', { destination_root: '/in' });
    const hello = { type: 'hello', version: 1, direction: 'send', sessionId: 's', token, destinations: ['/in'] };
    for (const path of ['/elsewhere/x', '/in/../x', '../x', '/']) {
      const answers = await speak([hello, { type: 'file', path, size: 1, modifiedMs: 0 }]);
      expect(answers).toMatchObject([{ type: 'welcome', tokenType: 'auth_token' }, { type: 'failed' }]);
    }
    expect(await readdir(london.node.docroot)).toEqual([]);
  });

  it('is told what is wrong with its hello', async () => {
    const abort = (code: number) => [{ type: 'abort', code, isRefusal: true }];
    expect(await speak([{ type: 'welcome' }])).toMatchObject(abort(1));
    expect(await speak([{ type: 'hello', version: 1, direction: 'send' }])).toMatchObject(abort(1));
    const hello = { type: 'hello', version: 1, direction: 'send', sessionId: 's' };
    expect(await speak([hello])).toMatchObject(abort(19));
    expect(await speak([{ ...hello, token: 'x' }])).toMatchObject(abort(37));
  });
});
