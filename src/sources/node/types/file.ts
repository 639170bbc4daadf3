import type { SourceError } from '../../../transport/source-error.ts';
import type { Page } from './source.ts';

/** A file, folder or link as a path names it. */
export interface NodeFile {
  /** Absolute path inside the docroot. */
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMBOLIC_LINK' | 'OTHER';
  /** The node's own word for the type. */
  readonly vendorType: string;
  /** Undefined for folders. */
  readonly sizeBytes: number | undefined;
  /** When it was last changed, ISO 8601 in UTC. */
  readonly modifiedAt: string | undefined;
  /** What the credential in use may do: `view`, `edit`, `delete`. */
  readonly permissions: readonly string[];
  /** Where a link leads. */
  readonly targetPath: string | undefined;
}

/** A part of a folder, and the folder itself. A path that names a file has itself and no items. */
export interface FolderPage extends Page<NodeFile, number> {
  readonly self: NodeFile;
}

export type NodeFileSort = 'PATH' | 'TYPE' | 'SIZE_ASC' | 'SIZE_DESC' | 'MODIFIED_ASC' | 'MODIFIED_DESC';

export interface NodeFileFilter {
  readonly types?: readonly ('FILE' | 'DIRECTORY' | 'SYMBOLIC_LINK')[] | undefined;
  /** Patterns with `*` and `?` for whole paths. */
  readonly paths?: readonly string[] | undefined;
  /** Patterns with `*` and `?` for names. */
  readonly names?: readonly string[] | undefined;
  /** At least this size; only files then. */
  readonly minSizeBytes?: number | undefined;
  /** Less than this size; only files then. */
  readonly maxSizeBytes?: number | undefined;
  readonly modifiedAfter?: Date | undefined;
  readonly modifiedBefore?: Date | undefined;
}

export interface BrowseOptions {
  /** How many to leave out at the beginning. */
  readonly skip?: number | undefined;
  /** How many at most; 100 when left out. */
  readonly count?: number | undefined;
  readonly sort?: NodeFileSort | undefined;
  /** Whether sorting and patterns tell upper from lower case. */
  readonly caseSensitive?: boolean | undefined;
  readonly filter?: NodeFileFilter | undefined;
}

export interface SearchOptions extends BrowseOptions {
  readonly minDepth?: number | undefined;
  readonly maxDepth?: number | undefined;
}

/** What a folder holds, counted by the node in depth. A count is undefined when the node does not tell it. */
export interface DiskUsage {
  readonly path: string;
  readonly totalBytes: number | undefined;
  readonly fileCount: number | undefined;
  readonly directoryCount: number | undefined;
  /** Devices, sockets and the like. */
  readonly specialCount: number | undefined;
  /** What could not be counted. */
  readonly failedCount: number | undefined;
}

/** Room on the storage that a path is on. */
export interface StorageSpace {
  readonly path: string;
  readonly totalBytes: number | undefined;
  readonly freeBytes: number | undefined;
  readonly percentFree: number | undefined;
}

export interface NewFile {
  readonly path: string;
  readonly type: 'FILE' | 'DIRECTORY' | 'SYMBOLIC_LINK';
  /** Content of a file, as base64. */
  readonly contentsBase64?: string | undefined;
  /** Where a link leads. */
  readonly targetPath?: string | undefined;
}

export interface FileRename {
  /** Folder that holds the file. */
  readonly folder: string;
  readonly name: string;
  readonly newName: string;
}

export interface FileDeletion {
  readonly path: string;
  /** false: a folder that is not empty stays. */
  readonly recursive: boolean;
}

/** What happened to one path; the others of the same call are not touched by its failure. */
export interface PathResult {
  readonly path: string;
  readonly error: SourceError | undefined;
}
