import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOf } from '../helpers/node-transfers.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const script = fileURLToPath(new URL('../../examples/s2.ts', import.meta.url));
const key = randomBytes(18).toString('base64url');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    configure: (settings, _simulators, env) => {
      env.APPLICATION = key;
      const scopes = ['transfer', 'transfer.start', 'transfer.read'];
      settings.viewers.apiKeys.push(Object.assign({ name: 'application', scopes }, { key: { env: 'APPLICATION' } }));
    },
  });
  await mkdir(join(nodeOf(stack, 'tokyo').docroot, 'Inbound'));
});
afterAll(() => stack?.stop());

/** Runs the script as a person would. */
async function run(...args: string[]) {
  const env = { GATEWAY_URL: stack.url, GATEWAY_KEY: key };
  const child = spawn(process.execPath, [script, ...args], { env });
  let [output, complaints] = ['', ''];
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    complaints += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, output, complaints };
}

describe('examples/s2.ts', () => {
  it('sends a file of the daemon’s machine to a node, and says how far it is', async () => {
    const bytes = randomBytes(2_000_000);
    await writeFile(join(stack.simulators.transferd.folder, 'report.pdf'), bytes);
    const { code, output, complaints } = await run('/report.pdf', 'tokyo', '/Inbound');
    expect(complaints).toBe('');
    expect(code).toBe(0);
    expect(output.trimEnd().split('\n').at(-1)).toBe('COMPLETED 100 % 2000000 bytes');
    expect(await readFile(join(nodeOf(stack, 'tokyo').docroot, 'Inbound/report.pdf'))).toEqual(bytes);
  });

  it('says what went wrong', async () => {
    const { code, complaints } = await run('/nowhere.pdf', 'tokyo', '/Inbound');
    expect(code).not.toBe(0);
    expect(complaints).toContain('No such file');
  });
});
