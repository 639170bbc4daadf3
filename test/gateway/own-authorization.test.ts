import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDesktopClient } from '../../simulators/node/protocol/desktop-client.ts';
import { nodeOf } from '../helpers/node-transfers.ts';
import { readExample } from '../helpers/read-example.ts';
import { type Stack, startStack } from '../helpers/start-stack.ts';

const example = readExample('own-authorization');

let stack: Stack;
let home: string;
beforeAll(async () => {
  stack = await startStack();
  home = await mkdtemp(join(tmpdir(), 'own-authorization-'));
  await mkdir(join(tokyo(), 'folder', 'deep'), { recursive: true });
  for (const name of ['one.bin', 'two.bin', 'folder/three.bin', 'folder/deep/four.bin']) {
    await writeFile(join(tokyo(), name), `content of ${name}`);
  }
});
afterAll(async () => {
  await stack?.stop();
  await rm(home, { recursive: true, force: true });
});

const tokyo = () => nodeOf(stack, 'tokyo').docroot;

interface Spec {
  readonly json: Record<string, unknown>;
  readonly expiresAt: string | null;
}
interface Answer {
  readonly spec?: Spec;
  readonly code?: string;
  readonly message?: string;
}

async function ask(operation: string, variables: object): Promise<Answer> {
  const data = await stack.everything.data<Record<string, Answer>>(example, { node: 'tokyo', ...variables }, operation);
  return Object.values(data)[0] ?? {};
}

async function authorize(operation: string, variables: object): Promise<Spec> {
  const { spec, message } = await ask(operation, variables);
  if (!spec) throw new Error(`not authorized: ${message}`);
  return spec;
}

/** What the person's own client makes of a spec. */
const run = (spec: Spec, changes: object = {}) => runDesktopClient({ ...spec.json, ...changes }, home);
const refused = { status: 'failed', errorCode: 37 };
const mismatch = { ...refused, errorDescription: "Not authorized: Token doesn't match file-list" };

describe('an authorization for file pairs', () => {
  it('is good for these names, all of them, and for no other one', async () => {
    const bytes = randomBytes(50_000);
    await writeFile(join(home, 'a'), bytes);
    await writeFile(join(home, 'b'), 'b');
    const paths = [
      { source: 'a', destination: 'in/first' },
      { source: 'b', destination: 'in/second' },
    ];
    const spec = await authorize('AuthorizeUploadPairs', { paths });
    expect(await run(spec)).toMatchObject({ status: 'completed', filesCompleted: 2 });
    expect((await readFile(join(tokyo(), 'in/first'))).equals(bytes)).toBe(true);
    expect(await run(spec, { paths: [{ source: 'a', destination: 'in/first' }] })).toMatchObject(mismatch);
    const elsewhere = [{ source: 'a', destination: 'in/other' }, paths[1]];
    expect(await run(spec, { paths: elsewhere })).toMatchObject(mismatch);
    expect(await run(spec, { direction: 'receive', paths: [{ source: 'one.bin' }] })).toMatchObject(refused);
  });
});

describe('an authorization for single files', () => {
  it('lets exactly these be downloaded', async () => {
    const spec = await authorize('AuthorizeDownloadFiles', { paths: [{ source: '/one.bin' }] });
    expect(spec.expiresAt).toBeNull();
    expect(await run(spec)).toMatchObject({ status: 'completed' });
    expect(await readFile(join(home, 'one.bin'), 'utf8')).toBe('content of one.bin');
    expect(await run(spec, { paths: [{ source: '/two.bin' }] })).toMatchObject(mismatch);
    const more = [{ source: '/one.bin' }, { source: '/two.bin' }];
    expect(await run(spec, { paths: more })).toMatchObject(mismatch);
  });

  it('is no authorization for nothing, which would be one for everything', async () => {
    const answer = await ask('AuthorizeDownloadFiles', { paths: [] });
    expect(answer).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('`sourceRoot`') });
  });
});

describe('an authorization for all that is below a folder', () => {
  it('is good for many uploads, and ends at the folder', async () => {
    await writeFile(join(home, 'c'), 'c');
    const spec = await authorize('AuthorizeUploadsBelow', { folder: '/drop' });
    for (const destination of ['first', 'second', 'deep/third']) {
      expect(await run(spec, { paths: [{ source: 'c', destination }] })).toMatchObject({ status: 'completed' });
      expect(await readFile(join(tokyo(), 'drop', destination), 'utf8')).toBe('c');
    }
    const outside = { destination_root: '/', paths: [{ source: 'c' }] };
    expect(await run(spec, outside)).toMatchObject(mismatch);
    const climbing = { paths: [{ source: 'c', destination: '../outside' }] };
    expect(await run(spec, climbing)).toMatchObject(refused);
  });

  it('is good for many downloads, and ends at the folder', async () => {
    const spec = await authorize('AuthorizeDownloadsBelow', { folder: '/folder' });
    expect(await run(spec, { paths: [{ source: 'three.bin' }] })).toMatchObject({ status: 'completed' });
    expect(await run(spec, { paths: [{ source: 'deep/four.bin' }] })).toMatchObject({ status: 'completed' });
    expect(await readFile(join(home, 'four.bin'), 'utf8')).toBe('content of folder/deep/four.bin');
    expect(await run(spec, { paths: [{ source: '../one.bin' }] })).toMatchObject(refused);
    expect(await run(spec, { source_root: '/', paths: [{ source: 'one.bin' }] })).toMatchObject(mismatch);
  });

  it('may be for the whole docroot', async () => {
    const down = await authorize('AuthorizeDownloadsBelow', { folder: '/' });
    expect(await run(down, { paths: [{ source: 'two.bin' }] })).toMatchObject({ status: 'completed' });
    expect(await run(down, { paths: [{ source: 'folder' }] })).toMatchObject({
      status: 'completed',
      filesCompleted: 2,
    });
    const up = await authorize('AuthorizeUploadsBelow', { folder: '/' });
    const anywhere = [{ source: 'two.bin', destination: 'any/where' }];
    expect(await run(up, { paths: anywhere })).toMatchObject({ status: 'completed' });
    expect(await readFile(join(tokyo(), 'any/where'), 'utf8')).toBe('content of two.bin');
  });
});

describe('the life of an authorization', () => {
  it('is as long as was asked for, and is told', async () => {
    const before = Date.now();
    const spec = await authorize('AuthorizeDownloadFiles', { paths: [{ source: '/two.bin' }], seconds: 600 });
    const ends = Date.parse(spec.expiresAt ?? '');
    expect(ends).toBeGreaterThanOrEqual(before + 600_000);
    expect(ends).toBeLessThanOrEqual(Date.now() + 600_000);
    const advance = (seconds: number) =>
      nodeOf(stack, 'tokyo').switches.advanceClock?.({ milliseconds: seconds * 1000 });
    // Half of it, so that a slow machine does not come to its end by itself.
    await advance(300);
    expect(await run(spec)).toMatchObject({ status: 'completed' });
    await advance(301);
    expect(await run(spec)).toMatchObject({ ...refused, errorDescription: 'Not authorized: token expired' });
  });

  it('cannot be nothing', async () => {
    const answer = await ask('AuthorizeUploadsBelow', { folder: '/', seconds: 0 });
    expect(answer).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('`tokenLifeSeconds`') });
  });
});
