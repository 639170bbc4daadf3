import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import type { FileIds } from './file-ids.ts';
import type { FolderListings } from './folder-listings.ts';

/** What a gen3 call works on. */
export interface PathStorage {
  /** The folder on disk that the caller's `/` stands for. */
  readonly root: string;
  /** Told of what moves and goes, so that file ids stay true. */
  readonly ids: FileIds;
  readonly listings: FolderListings;
}

export type PathHandler = (
  storage: PathStorage,
  request: SimulatorRequest,
) => SimulatorResponse | Promise<SimulatorResponse>;
