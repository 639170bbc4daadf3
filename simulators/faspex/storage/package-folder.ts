/**
 * The longest title that goes into a path (`max_title_length_in_storage_paths`, aspera-apps-api.md part E, 24), counted
 * in bytes: a file system takes 255 of them for a name, and the folder's name has 54 more than the title.
 */
const MAX_TITLE_BYTES = 200;

function shorten(text: string): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > MAX_TITLE_BYTES) break;
    kept += character;
  }
  return kept;
}

/** A title without the characters that a path cannot have; the colon is IBM's example (IBM/aspera-cli#134). */
const pathTitle = (title: string) => shorten(title.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_'));

export interface PackageFolders {
  /** The package's folder on the storage node. */
  readonly folder: string;
  /** The folder of its files, inside it. */
  readonly content: string;
}

/** Where a package lies on the storage node (aspera-apps-api.md §5.5). */
export function packageFolders(title: string, uuid: string): PackageFolders {
  const name = pathTitle(title);
  const folder = `/${name} - ${uuid}.aspera-package`;
  return { folder, content: `${folder}/PKG - ${name}` };
}
