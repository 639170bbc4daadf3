import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openLogOutput } from '../../src/server/log-output.ts';

const LINE = `${'x'.repeat(999)}\n`;

/** A pipe, and what its writer writes into. Nobody reads it yet. */
async function openPipe() {
  const folder = mkdtempSync(join(tmpdir(), 'log-output-'));
  const pipe = join(folder, 'pipe');
  await once(spawn('mkfifo', [pipe]), 'close');
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, constants.O_WRONLY);
  onTestFinished(() => {
    // The writer's end is closed by whoever writes.
    closeSync(reader);
    rmSync(folder, { recursive: true });
  });
  return { pipe, writer };
}

/** Reads the pipe until this many characters have come. */
async function read(pipe: string, length: number): Promise<string> {
  const file = await open(pipe, 'r');
  const chunk = Buffer.alloc(1_048_576);
  let text = '';
  while (text.length < length) text += chunk.toString('utf8', 0, (await file.read(chunk)).bytesRead);
  await file.close();
  return text;
}

it('neither waits nor loses a line while somebody reads, however late', async () => {
  const { pipe, writer } = await openPipe();
  const { stream, lost, close } = openLogOutput(writer);
  for (let count = 0; count < 5_000; count += 1) stream.write(LINE);
  const [text, isWritten] = await Promise.all([read(pipe, 5_000 * LINE.length), close(10_000)]);
  expect(text).toBe(LINE.repeat(5_000));
  expect([isWritten, lost()]).toEqual([true, 0]);
});

it('counts the lines that are lost while nobody reads, and says that not everything was written', async () => {
  const { pipe, writer } = await openPipe();
  const { stream, lost, close } = openLogOutput(writer);
  for (let count = 0; count < 30_000; count += 1) stream.write(LINE);
  expect(lost()).toBeGreaterThan(10_000);
  expect(lost()).toBeLessThan(20_000);
  expect(await close(10)).toBe(false);
  // What was kept is whole: it comes when somebody reads again.
  const kept = (30_000 - lost()) * LINE.length;
  expect((await read(pipe, kept)).length).toBe(kept);
});

it('takes no more lines once it is closed', async () => {
  const { pipe, writer } = await openPipe();
  const { stream, close } = openLogOutput(writer);
  stream.write(LINE);
  const closed = close(10_000);
  stream.write('too late\n');
  expect(await read(pipe, LINE.length)).toBe(LINE);
  expect(await closed).toBe(true);
});
