import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startGatewayProcess } from './helpers/gateway-process.ts';

const MANY = 5_000;
const KEY = 'operations-key-0123456789';

type Line = Readonly<Record<string, unknown>>;

const linesOf = (output: string) =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

function start(...options: string[]) {
  const script = new URL('helpers/talking-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** What a process has written until it ended by itself, and with which code that was. */
async function untilEnd(...options: string[]) {
  const child = start(...options);
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { lines: linesOf(out), errors, code };
}

const numbersOf = (lines: readonly Line[]) => lines.filter(({ msg }) => msg === 'said').map(({ number }) => number);
const everyNumber = Array.from({ length: MANY }, (_, index) => index + 1);

describe('a process that has logged much', () => {
  it('loses no line when it stops', async () => {
    const { lines, code } = await untilEnd('stop', String(MANY));
    expect(numbersOf(lines)).toEqual(everyNumber);
    expect(code).toBe(0);
  });

  it.each(['throw', 'reject'])('loses no line when something is thrown that nobody catches: %s', async (ending) => {
    const { lines, errors, code } = await untilEnd(ending, String(MANY));
    expect(numbersOf(lines)).toEqual(everyNumber);
    expect(lines.at(-1)).toMatchObject({ level: 'fatal', err: { type: 'Error' } });
    expect(JSON.stringify(lines.at(-1))).toContain('nobody catches this');
    expect(code).toBe(1);
    expect(errors).toBe('');
  });

  it('says what it ends of on the standard error where nothing is logged, and no credential', async () => {
    const { lines, errors, code } = await untilEnd('throw', '1', 'silent');
    expect([lines, code]).toEqual([[], 1]);
    expect(JSON.parse(errors)).toMatchObject({
      type: 'Error',
      message: expect.stringContaining('nobody catches this'),
    });
    expect(errors).not.toContain('eyJhbGci');
  });

  it('writes also a few lines soon', async () => {
    const child = start('wait', '3');
    let out = '';
    for await (const chunk of child.stdout) {
      out += String(chunk);
      if (linesOf(out).length === 3) break;
    }
    expect(numbersOf(linesOf(out))).toEqual([1, 2, 3]);
  });

  it('ends all the same when nobody reads what it writes', async () => {
    const child = start('stop', '20000');
    // The pipe fills, and nothing takes it away.
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
  });
});

it('a gateway that is told to stop has written a line for each operation', async () => {
  const gateway = await startGatewayProcess(
    JSON.stringify({
      server: { port: 0 },
      ownershipKey: { env: 'OWNERSHIP_KEY' },
      viewers: { apiKeys: [{ name: 'operations', key: { env: 'KEY' }, scopes: ['*'] }] },
      sources: {
        node: [{ name: 'london', url: 'http://127.0.0.1:9', nodeUser: { username: 'a', password: { env: 'KEY' } } }],
      },
    }),
    { KEY, OWNERSHIP_KEY: 'ownership-key-0123456789' },
  );
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ query: 'query Stop { __typename }' });
  const ask = async () => (await fetch(gateway.url, { method: 'POST', headers, body })).json();
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 20 }, ask));
  await gateway.stop();
  const lines = linesOf(gateway.log.join('\n'));
  expect(lines.filter(({ msg, operation }) => msg === 'operation' && operation === 'Stop')).toHaveLength(400);
});
