import { describe, expect, it } from 'vitest';
import { createPackageReadings } from '../../src/progress/package-readings.ts';
import { readPackage } from '../../src/sources/faspex/read-package.ts';
import type { FaspexPackage } from '../../src/sources/faspex/types.ts';
import { SourceError } from '../../src/transport/source-error.ts';

const pkg = (status: string): FaspexPackage =>
  readPackage({ id: '7', title: 'Rushes', state: 'held', status, recipients: [] });

const now = (status: string) => () => Promise.resolve(pkg(status));
const failing = (code: 'NOT_FOUND' | 'SOURCE_FORBIDDEN' | 'SOURCE_TIMEOUT') => () =>
  Promise.reject(new SourceError(code, 'no', { source: 'faspex' }));

/** A reading that answers when it is told to. */
function held(status: string) {
  let answer: () => void = () => undefined;
  const read = () =>
    new Promise<FaspexPackage>((resolve) => {
      answer = () => resolve(pkg(status));
    });
  return { read, answer: () => answer() };
}

const statuses = (changes: readonly { readonly pkg: FaspexPackage | undefined }[]) =>
  changes.map((change) => change.pkg?.status);

describe('readings of a package', () => {
  it('are told once for each state', async () => {
    const readings = createPackageReadings();
    await readings.look('7', now('starting'));
    expect(statuses(readings.takeChanges(['7']))).toEqual(['STARTING']);
    await readings.look('7', now('starting'));
    expect(readings.takeChanges(['7'])).toEqual([]);
    await readings.look('7', now('transferring'));
    expect(statuses(readings.takeChanges(['7']))).toEqual(['UPLOADING']);
  });

  it('that were overtaken do not bring back an older state', async () => {
    const readings = createPackageReadings();
    const slow = held('starting');
    const looking = readings.look('7', slow.read);
    await readings.lookFor('7', now('transferring'), true);
    slow.answer();
    expect((await looking).pkg?.status).toBe('UPLOADING');
    expect(statuses(readings.takeChanges(['7']))).toEqual([]);
  });

  it('of the first subscriber are no news, and those of the next are news to the first', async () => {
    const readings = createPackageReadings();
    await readings.lookFor('7', now('starting'), true);
    await readings.look('7', now('starting'));
    expect(readings.takeChanges(['7'])).toEqual([]);
    await readings.lookFor('7', now('transferring'), true);
    expect(statuses(readings.takeChanges(['7']))).toEqual(['UPLOADING']);
  });

  it('are told when a package is again as it was, if a subscriber has seen it otherwise', async () => {
    const readings = createPackageReadings();
    await readings.look('7', now('paused'));
    readings.takeChanges(['7']);
    await readings.lookFor('7', now('transferring'), true);
    await readings.look('7', now('paused'));
    expect(statuses(readings.takeChanges(['7']))).toEqual(['PAUSED']);
  });

  it('are told to a subscriber who comes back and may have seen another state', async () => {
    const readings = createPackageReadings();
    await readings.lookFor('7', now('starting'), false);
    await readings.look('7', now('starting'));
    expect(statuses(readings.takeChanges(['7']))).toEqual(['STARTING']);
  });

  it('tell that a package is gone when somebody has seen it, and of made-up ids nothing', async () => {
    const readings = createPackageReadings();
    expect((await readings.lookFor('7', failing('NOT_FOUND'), true)).pkg).toBeUndefined();
    await readings.look('7', failing('SOURCE_FORBIDDEN'));
    expect(readings.takeChanges(['7'])).toEqual([]);
    await readings.lookFor('7', now('starting'), true);
    await readings.look('7', failing('SOURCE_FORBIDDEN'));
    expect(readings.takeChanges(['7'])).toMatchObject([{ packageId: '7', pkg: undefined }]);
  });

  it('that fail are the affair of who reads', async () => {
    const readings = createPackageReadings();
    await expect(readings.look('7', failing('SOURCE_TIMEOUT'))).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
    expect(readings.takeChanges(['7'])).toEqual([]);
  });
});
