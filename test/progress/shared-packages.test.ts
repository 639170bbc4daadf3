import { expect, test } from 'vitest';
import { createPackageReadings, type PackageChange } from '../../src/progress/package-readings.ts';
import { createSharedPackages } from '../../src/progress/shared-packages.ts';
import type { TopicEvent, Watch } from '../../src/progress/types.ts';
import type { FaspexPackage } from '../../src/sources/faspex/types.ts';
import { failure } from './polled-topic.ts';

const pkg = (more: Partial<FaspexPackage>) =>
  ({ packageId: '7', title: 'Rushes', note: 'for nobody else', status: 'UPLOADING', ...more }) as FaspexPackage;

/** What a process tells, and how another one that reads packages shows it. */
function openTwo(read: () => Promise<FaspexPackage>) {
  let reads = 0;
  const [owner, follower] = [createPackageReadings(), createPackageReadings()];
  const telling = createSharedPackages(owner, read);
  const showing = createSharedPackages(follower, () => {
    reads += 1;
    return read();
  });
  const tell = async (found: FaspexPackage | undefined) => {
    await owner.look('7', async () => found ?? Promise.reject(failure('NOT_FOUND')));
    return owner.takeChanges(['7']).map(telling.codec.encode);
  };
  const show = async (texts: readonly string[]) => {
    const events = texts.map(
      (text): TopicEvent<PackageChange> => ({
        ...{ kind: 'change', cursor: 'c', position: { epoch: 'e', sequence: 1 } },
        value: showing.codec.decode(text),
      }),
    );
    const next = async (): Promise<IteratorResult<TopicEvent<PackageChange>>> => {
      const value = events.shift();
      return value ? { done: false, value } : { done: true, value: undefined };
    };
    const watch: Watch<PackageChange> = {
      ...{ next, waiting: texts.length, ready: Promise.resolve() },
      return: async () => ({ done: true, value: undefined }),
      [Symbol.asyncIterator]: () => watch,
    };
    const shown: PackageChange[] = [];
    for await (const event of showing.complete(watch)) if (event.kind === 'change') shown.push(event.value);
    return shown;
  };
  return { tell, show, follower, reads: () => reads };
}

test('what is logged of a package are states and numbers; whoever follows reads the rest', async () => {
  const { tell, show, reads } = openTwo(async () => pkg({ status: 'AVAILABLE', sizeBytes: 100, fileCount: 2 }));
  const [first = ''] = await tell(pkg({ sizeBytes: 0 }));
  expect(first).not.toMatch(/Rushes|nobody/);
  const [shown] = await show([first]);
  // What was logged is shown as it was, and what was not known then is not known in the event.
  expect(shown?.pkg).toMatchObject({ title: 'Rushes', status: 'UPLOADING', sizeBytes: 0, fileCount: undefined });
  expect(reads()).toBe(1);
});

test('a package that this process has read in that state is not read again', async () => {
  const { tell, show, follower, reads } = openTwo(async () => pkg({ title: 'too late' }));
  const texts = await tell(pkg({ sizeBytes: 5 }));
  await follower.look('7', async () => pkg({ sizeBytes: 5, title: 'Known' }));
  expect((await show(texts))[0]?.pkg?.title).toBe('Known');
  expect(reads()).toBe(0);
});

test('a package that is gone is gone without being read, and one that one may not see is gone as well', async () => {
  const gone = openTwo(async () => pkg({}));
  await gone.tell(pkg({}));
  const [shown] = await gone.show(await gone.tell(undefined));
  expect([shown?.pkg, gone.reads()]).toEqual([undefined, 0]);
  const hidden = openTwo(() => Promise.reject(failure('SOURCE_FORBIDDEN')));
  expect((await hidden.show(await hidden.tell(pkg({}))))[0]?.pkg).toBeUndefined();
});

test('a server that cannot be read is an error, and no package', async () => {
  const { tell, show } = openTwo(() => Promise.reject(failure('SOURCE_TIMEOUT')));
  await expect(show(await tell(pkg({})))).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
});
