import { randomBytes } from 'node:crypto';
import type { TransferSpec } from '../transfer-spec/transfer-spec.ts';

/** Transfer specs that viewers may name by an id instead of sending them back. Held in memory only, for a while. */
export interface KeptSpecs {
  /**
   * Keeps a spec for the viewer and gives its id, the same one for the same spec; undefined when it cannot be kept,
   * because its token has ended or it is larger than all that one viewer may have here.
   */
  keep(viewerId: string, spec: TransferSpec): string | undefined;
  /** The viewer's spec with this id; undefined when there is none, not any more, or it is somebody else's. */
  find(viewerId: string, specId: string): TransferSpec | undefined;
}

export interface KeptSpecsLimits {
  readonly lifeMs: number;
  readonly specsPerViewer: number;
  readonly bytesPerViewer: number;
  /** Of all viewers together. */
  readonly bytes: number;
}

const MEBIBYTE = 1024 * 1024;

const defaults: KeptSpecsLimits = {
  lifeMs: 3_600_000,
  specsPerViewer: 200,
  bytesPerViewer: 4 * MEBIBYTE,
  bytes: 256 * MEBIBYTE,
};

interface Kept {
  readonly viewerId: string;
  readonly spec: TransferSpec;
  readonly bytes: number;
  readonly endsAtMs: number;
  readonly timer: NodeJS.Timeout;
}

interface Shelf {
  /** Ids, the oldest first. */
  readonly ids: Set<string>;
  bytes: number;
}

interface State {
  readonly limits: KeptSpecsLimits;
  readonly kept: Map<string, Kept>;
  readonly shelves: Map<string, Shelf>;
  bytes: number;
}

const sizeOf = ({ json }: TransferSpec) => Buffer.byteLength(JSON.stringify(json));

function drop(state: State, specId: string): void {
  const found = state.kept.get(specId);
  const shelf = found && state.shelves.get(found.viewerId);
  if (!found || !shelf) return;
  clearTimeout(found.timer);
  state.kept.delete(specId);
  shelf.ids.delete(specId);
  shelf.bytes -= found.bytes;
  state.bytes -= found.bytes;
  if (shelf.ids.size === 0) state.shelves.delete(found.viewerId);
}

/** Where there is no room, the oldest go: the viewer's own first, then the oldest of all. */
function makeRoom(state: State, viewerId: string, wanted: number): void {
  const { limits } = state;
  const shelf = state.shelves.get(viewerId);
  for (const specId of shelf?.ids ?? []) {
    const isFull = shelf && (shelf.ids.size >= limits.specsPerViewer || shelf.bytes + wanted > limits.bytesPerViewer);
    if (isFull) drop(state, specId);
  }
  for (const specId of state.kept.keys()) {
    if (state.bytes + wanted > limits.bytes) drop(state, specId);
  }
}

function put(state: State, viewerId: string, spec: TransferSpec): string | undefined {
  const { limits, kept, shelves } = state;
  const now = Date.now();
  const endsAtMs = Math.min(now + limits.lifeMs, spec.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY);
  const bytes = sizeOf(spec);
  if (endsAtMs <= now || bytes > Math.min(limits.bytesPerViewer, limits.bytes)) return undefined;
  makeRoom(state, viewerId, bytes);
  const specId = randomBytes(18).toString('base64url');
  // Also where nobody asks for it again: a token that is of no use is not kept in memory.
  const timer = setTimeout(() => drop(state, specId), endsAtMs - now).unref();
  const shelf = shelves.get(viewerId) ?? { ids: new Set(), bytes: 0 };
  shelves.set(viewerId, shelf);
  kept.set(specId, { viewerId, spec, bytes, endsAtMs, timer });
  shelf.ids.add(specId);
  shelf.bytes += bytes;
  state.bytes += bytes;
  return specId;
}

export function createKeptSpecs(limits: KeptSpecsLimits = defaults): KeptSpecs {
  const state: State = { limits, kept: new Map(), shelves: new Map(), bytes: 0 };
  const idOf = new WeakMap<TransferSpec, string>();
  const find: KeptSpecs['find'] = (viewerId, specId) => {
    const found = state.kept.get(specId);
    return found?.viewerId === viewerId && Date.now() < found.endsAtMs ? found.spec : undefined;
  };
  return {
    find,
    keep: (viewerId, spec) => {
      const known = idOf.get(spec);
      if (known !== undefined && find(viewerId, known) === spec) return known;
      const specId = put(state, viewerId, spec);
      if (specId !== undefined) idOf.set(spec, specId);
      return specId;
    },
  };
}
