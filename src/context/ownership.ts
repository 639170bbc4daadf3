import { createHmac } from 'node:crypto';
import { GATEWAY_TAG as TAG } from '../progress/transfer-marks.ts';
import type { JsonObject } from '../transfer-spec/transfer-spec.ts';

/** Marks transfers as a viewer's, by a keyed hash in the tags: whoever reads the tags cannot tell who it is. */
export interface Ownership {
  /** The tags that this gateway adds to every spec it hands to the viewer. */
  tagsFor(viewerId: string): JsonObject;
  /** Tags without any viewer's mark: a spec from outside may carry one that is not its bearer's. */
  unmarked(tags: JsonObject): JsonObject;
  /** Whether a transfer with these tags was started or authorized for the viewer by a gateway with the same key. */
  owns(viewerId: string, tags: JsonObject): boolean;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function createOwnership(key: string): Ownership {
  const markOf = (viewerId: string) => createHmac('sha256', key).update(viewerId).digest('base64url').slice(0, 24);
  return {
    tagsFor: (viewerId) => ({ [TAG]: { viewer: markOf(viewerId) } }),
    unmarked: (tags) => Object.fromEntries(Object.entries(tags).filter(([name]) => name !== TAG)),
    owns: (viewerId, tags) => {
      const mark = tags[TAG];
      return isObject(mark) && mark.viewer === markOf(viewerId);
    },
  };
}
