import { list, membersOf, requiredText, text } from '../../reading/members.ts';
import type { Reader } from '../../reading/reader.ts';
import { dateTime } from './date-time.ts';
import { count } from './members.ts';
import type { FaspexFile, FaspexFileType } from './types.ts';

const fileTypes: ReadonlyMap<string | undefined, FaspexFileType> = new Map([
  ['file', 'FILE'],
  ['directory', 'DIRECTORY'],
  ['symbolic_link', 'SYMBOLIC_LINK'],
]);

const readPermission: Reader<string> = (value) => requiredText(membersOf(value).name, 'name');

/** A file of a package or a shared folder (aspera-apps-api.md §5.6), by hand: folders may be large. */
export const readFile: Reader<FaspexFile> = (value) => {
  const file = membersOf(value);
  const path = requiredText(file.path, 'path');
  return {
    path,
    name: text(file.basename, 'basename') ?? path.slice(path.lastIndexOf('/') + 1),
    fileType: fileTypes.get(text(file.type, 'type')) ?? 'OTHER',
    sizeBytes: count(file.size, 'size'),
    modifiedAt: dateTime(text(file.mtime, 'mtime')),
    permissions: list(file.permissions, 'permissions', readPermission),
  };
};
