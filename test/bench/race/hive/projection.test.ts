import { describe, expect, it } from 'vitest';
import { projectGenerated } from '../../../../bench/race/hive/projection.ts';

const ours = {
  id: 'RmFzcGV4UGFja2FnZTo3',
  ...{ packageId: '7', title: 'Dailies', note: null, status: 'AVAILABLE', createdAt: '2026-11-26T09:30:00.000Z' },
  ...{ sizeBytes: 5, fileCount: 1, sender: { userId: '1', name: 'ada', email: null } },
  recipients: [{ recipientId: '2', recipientType: 'SHARED_INBOX', name: 'Press', email: null }],
};

const folder = { id: 'QQ==', path: '/a', name: 'a', type: 'DIRECTORY', modifiedAt: '2026-11-26T09:30:01.000Z' };

const generated = {
  ...{ id: '7', title: 'Dailies', note: '', status: 'completed', created_time: '2026-11-26T09:30:00.000+0000' },
  ...{ total_bytes: 5, total_files: 1, sender: { id: '1', name: 'ada', email: null } },
  recipients: [{ id: '2', recipient_type: 'shared_inbox', name: 'Press', email: null }],
};

const generatedFolder = { path: '/a', basename: 'a', type: 'directory', mtime: '2026-11-26T09:30:01Z' };

const ourList = (pkg: object) => ({
  data: { faspex: { packages: { edges: [{ node: { ...pkg, folder } }], pageInfo: {}, totalCount: 9 } } },
});

const generatedList = (entry: object | null) => ({
  data: { listPackages: { packages: [{ ...generated, folder: entry }], total_count: 9 } },
});

describe('projectGenerated', () => {
  it('finds the same in both graphs', () => {
    expect(projectGenerated(generatedList(generatedFolder))).toEqual(projectGenerated(ourList(ours)));
    const points = [{ data: { getPackage: generated } }, { data: { faspex: { package: ours } } }].map(projectGenerated);
    expect(points[0]).toEqual(points[1]);
  });

  it.each(['title', 'note', 'createdAt', 'sizeBytes', 'fileCount'])('sees another %s', (name) => {
    const other = { ...ours, [name]: name === 'createdAt' ? '2026-11-26T09:31:00.000Z' : 'other' };
    expect(projectGenerated(ourList(other))).not.toEqual(projectGenerated(ourList(ours)));
  });

  it('sees another sender, recipient and folder', () => {
    const expected = projectGenerated(ourList(ours));
    expect(projectGenerated(ourList({ ...ours, sender: null }))).not.toEqual(expected);
    expect(projectGenerated(ourList({ ...ours, recipients: [] }))).not.toEqual(expected);
    expect(projectGenerated(generatedList(null))).not.toEqual(expected);
  });

  it('finds nothing in an answer that is none', () => {
    expect(projectGenerated({ errors: [{ message: 'no' }] })).toEqual({ total: undefined, packages: [] });
  });
});
