import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reader } from '../../../../src/reading/reader.ts';
import { folderPage, pathEntry } from '../../../../src/sources/node/wire/path-entry.ts';
import { storageFile } from '../../../../src/sources/node/wire/storage-file.ts';
import { dates, itemsOf, numbers, objectsOf, words } from '../../../helpers/wires/items.ts';
import { folderPageModel, pathEntryModel, storageFileModel } from '../../../helpers/wires/node-model.ts';
import { expectSameAsModel } from '../../../helpers/wires/same-as-model.ts';

const texts = fc.string();

const entryShape = {
  path: fc.oneof(fc.webPath(), fc.constantFrom('/', '//', '/a/', 'a')),
  basename: texts,
  type: words('file', 'directory', 'symbolic_link', 'constructor'),
  size: numbers,
  mtime: dates,
  permissions: fc.array(objectsOf({ name: words('view', 'edit', 'delete') }, 1), { maxLength: 3 }),
  target: objectsOf({ path: texts }, 1),
};

const codes = fc.oneof(fc.nat().map(String), fc.nat());

const storageShape = {
  id: codes,
  name: texts,
  path: texts,
  size: numbers,
  type: words('file', 'folder', 'link', 'toString'),
  modified_time: dates,
  content_type: texts,
  mount_point: fc.oneof(fc.boolean(), fc.constantFrom('true', 'YES', '1', 'no', '')),
  access_levels: fc.array(words('list', 'read', 'write', 'delete', 'mkdir', 'rename', 'preview', 'constructor')),
  target_id: codes,
  target_node_id: texts,
  recursive_size: numbers,
  recursive_file_count: numbers,
  recursive_folder_count: numbers,
  permission_count: numbers,
};

interface Dated {
  readonly modifiedAt: string | undefined;
}

/** The moment that the text of a file means; it has to say itself that it is in UTC. */
function toDate<T extends Dated>(file: T) {
  if (file.modifiedAt === undefined) return file;
  expect(file.modifiedAt.endsWith('Z')).toBe(true);
  return { ...file, modifiedAt: new Date(file.modifiedAt) };
}

const dated =
  <T extends Dated>(read: Reader<T>): Reader<unknown> =>
  (value) =>
    toDate(read(value));

describe('files of a node, read by hand', () => {
  it('are what a schema makes of them, or wrong at the same member, by path', () => {
    expectSameAsModel(dated(pathEntry), pathEntryModel, itemsOf(entryShape));
  });

  it('are what a schema makes of them, or wrong at the same member, by id', () => {
    expectSameAsModel(dated(storageFile), storageFileModel, itemsOf(storageShape));
  });

  it('are in a folder that is what a schema makes of it', () => {
    const read: Reader<unknown> = (value) => {
      const { self, ...page } = folderPage(value);
      return { self: toDate(self), ...page };
    };
    const folders = itemsOf({
      self: objectsOf(entryShape, 0),
      items: fc.array(fc.jsonValue(), { maxLength: 3 }),
      total_count: numbers,
    });
    expectSameAsModel(read, folderPageModel, folders);
  });

  it('are of no kind by a word that every object has a member of', () => {
    expect(pathEntry({ path: '/a', type: 'constructor' }).type).toBe('OTHER');
    const file = storageFile({ id: 1, name: '', type: 'toString', access_levels: ['constructor', 'read'] });
    expect(file).toMatchObject({ type: 'OTHER', accessLevels: ['READ'] });
  });
});
