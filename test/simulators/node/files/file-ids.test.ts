import { describe, expect, it } from 'vitest';
import { createFileIds } from '../../../../simulators/node/files/file-ids.ts';

const storage = { root: '/data', rootFileId: '1' };

describe('file ids', () => {
  it('start at the id of the root, are made at first sight and stay', () => {
    const ids = createFileIds();
    expect(ids.fileIdOf(storage, '/')).toBe('1');
    expect(ids.pathOfFileId(storage, '1')).toBe('/');
    const id = ids.fileIdOf(storage, '/a/b');
    expect(ids.fileIdOf(storage, 'a//b/')).toBe(id);
    expect(ids.pathOfFileId(storage, id)).toBe('/a/b');
    expect(ids.pathOfFileId(storage, '99')).toBeUndefined();
  });

  it('never meet the id of the root, whatever it is', () => {
    const ids = createFileIds();
    const third = { root: '/data', rootFileId: '3' };
    const given = ['/a', '/b', '/c', '/d'].map((path) => ids.fileIdOf(third, path));
    expect(new Set([...given, '3']).size).toBe(5);
  });

  it('follow a move with all that lies below, and nothing beside', () => {
    const ids = createFileIds();
    const [folder, inside, beside] = ['/d', '/d/x/y', '/d2'].map((path) => ids.fileIdOf(storage, path)) as [
      string,
      string,
      string,
    ];
    ids.moved('/data/d', '/data/e/f');
    expect(ids.pathOfFileId(storage, folder)).toBe('/e/f');
    expect(ids.pathOfFileId(storage, inside)).toBe('/e/f/x/y');
    expect(ids.pathOfFileId(storage, beside)).toBe('/d2');
    expect(ids.fileIdOf(storage, '/d')).not.toBe(folder);
  });

  it('end when another entry is moved to their place', () => {
    const ids = createFileIds();
    const [stale, moved] = ['/to/x', '/from'].map((path) => ids.fileIdOf(storage, path)) as [string, string];
    ids.moved('/data/from', '/data/to');
    expect(ids.pathOfFileId(storage, stale)).toBeUndefined();
    expect(ids.pathOfFileId(storage, moved)).toBe('/to');
  });

  it('end with a delete and are never given again', () => {
    const ids = createFileIds();
    const gone = [ids.fileIdOf(storage, '/d'), ids.fileIdOf(storage, '/d/x')];
    ids.removed('/data/d');
    for (const id of gone) expect(ids.pathOfFileId(storage, id)).toBeUndefined();
    expect(gone).not.toContain(ids.fileIdOf(storage, '/d'));
  });

  it('are kept for each storage, and a move counts in every one that sees it', () => {
    const ids = createFileIds();
    const inner = { root: '/data/inner', rootFileId: '7' };
    const outerId = ids.fileIdOf(storage, '/inner/a');
    const innerId = ids.fileIdOf(inner, '/a');
    ids.moved('/data/inner/a', '/data/inner/b');
    expect(ids.pathOfFileId(storage, outerId)).toBe('/inner/b');
    expect(ids.pathOfFileId(inner, innerId)).toBe('/b');
    ids.moved('/data/inner/b', '/data/b');
    expect(ids.pathOfFileId(storage, outerId)).toBe('/b');
    expect(ids.pathOfFileId(inner, innerId)).toBeUndefined();
  });
});
