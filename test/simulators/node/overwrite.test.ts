import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, type NodeCalls, startTwo } from './start-nodes.ts';

let london: NodeCalls;
let tokyo: NodeCalls;
const hours = (count: number) => Date.now() / 1000 + count * 3600;

beforeEach(async () => {
  ({ london, tokyo } = await startTwo());
});

/** Sends `mine` over `theirs` and tells what is there afterwards. */
async function send(overwrite: string, mine: string, theirs: string, theirAgeHours = 0) {
  const source = join(london.node.docroot, 'a');
  const place = join(tokyo.node.docroot, 'in/a');
  await mkdir(join(tokyo.node.docroot, 'in'), { recursive: true });
  await writeFile(source, mine);
  await writeFile(place, theirs);
  await utimes(source, hours(-5), hours(-5));
  await utimes(place, hours(-5 - theirAgeHours), hours(-5 - theirAgeHours));
  const spec = await tokyo.setup('upload', { destination_root: '/in' });
  const body: Json = { ...spec, overwrite, paths: [{ source: 'a' }] };
  const { id } = await london.json('POST', '/ops/transfers', body);
  const { files_completed, files_skipped, bytes_transferred } = await london.reaches(id, 'completed');
  const [served] = (await tokyo.list()).slice(-1);
  expect(served).toMatchObject({ files_completed, files_skipped, bytes_transferred });
  return { content: await readFile(place, 'utf8'), files_completed, files_skipped };
}

const written = { content: 'mine!', files_completed: 1, files_skipped: 0 };
const kept = { content: 'yours', files_completed: 0, files_skipped: 1 };

describe('a file that exists at the destination', () => {
  it('is never overwritten by never, always by always', async () => {
    expect(await send('never', 'mine!', 'yours')).toEqual(kept);
    expect(await send('always', 'mine!', 'yours')).toEqual(written);
    expect(await send('always', 'mine!', 'mine!')).toEqual(written);
  });

  it('is overwritten by diff when it differs in size or content, and skipped when it is the same', async () => {
    expect(await send('diff', 'mine!', 'longer than mine')).toEqual(written);
    expect(await send('diff', 'mine!', 'yours')).toEqual(written);
    expect(await send('diff', 'yours', 'yours')).toEqual(kept);
  });

  it('is overwritten by older only when it is older, and by diff+older when it also differs', async () => {
    expect(await send('older', 'mine!', 'yours', 1)).toEqual(written);
    expect(await send('older', 'mine!', 'yours', -1)).toEqual(kept);
    expect(await send('diff+older', 'mine!', 'yours', 1)).toEqual(written);
    expect(await send('diff+older', 'yours', 'yours', 1)).toEqual(kept);
    expect(await send('diff+older', 'mine!', 'yours', -1)).toEqual(kept);
  });
});

describe('a part of a file that was left behind', () => {
  const content = 'x'.repeat(300_000);

  async function leavePart(part: string, note: Json) {
    const place = join(tokyo.node.docroot, 'in/a');
    await mkdir(join(tokyo.node.docroot, 'in'), { recursive: true });
    await writeFile(`${place}.partial`, part);
    await writeFile(`${place}.aspx`, JSON.stringify(note));
  }

  async function resume(policy: string, part: string, isSameSource = true) {
    await writeFile(join(london.node.docroot, 'a'), content);
    await utimes(join(london.node.docroot, 'a'), 1_000_000, 1_000_000);
    await leavePart(part, { size: content.length, modifiedMs: isSameSource ? 1_000_000_000 : 5 });
    const spec = await tokyo.setup('upload', { destination_root: '/in' });
    const body: Json = { ...spec, resume_policy: policy, overwrite: 'always', paths: [{ source: 'a' }] };
    const { id } = await london.json('POST', '/ops/transfers', body);
    const done = await london.reaches(id, 'completed');
    return { moved: done.bytes_transferred, content: await readFile(join(tokyo.node.docroot, 'in/a'), 'utf8') };
  }

  it('is taken up where its checksum, or for attrs its note, says that it is the same file', async () => {
    const part = 'x'.repeat(200_000);
    for (const policy of ['attrs', 'sparse_csum', 'full_csum']) {
      expect(await resume(policy, part)).toEqual({ moved: 100_000, content });
    }
  });

  it('is thrown away otherwise', async () => {
    expect(await resume('none', 'x'.repeat(200_000))).toEqual({ moved: 300_000, content });
    expect(await resume('sparse_csum', `y${'x'.repeat(199_999)}`)).toEqual({ moved: 300_000, content });
    expect(await resume('full_csum', `y${'x'.repeat(199_999)}`)).toEqual({ moved: 300_000, content });
    expect(await resume('attrs', 'x'.repeat(200_000), false)).toEqual({ moved: 300_000, content });
  });
});
