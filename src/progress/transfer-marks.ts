import type { NodeTransfer } from '../sources/node/types.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../transfer-spec/transfer-spec.ts';

/** Member of the tags that belongs to this gateway; `aspera` is reserved for the vendor (aspera-node-api.md §7). */
export const GATEWAY_TAG = 'graphqlGateway';

/**
 * The tags that say whose a transfer is and which one it is: the gateway's own mark of a viewer, the package at Faspex,
 * and the ids that both sides record (aspera-node-api.md §5.1, aspera-apps-api.md §5.5).
 */
const markPaths = [
  [GATEWAY_TAG, 'viewer'],
  ['aspera', 'xfer_id'],
  ['aspera', 'faspex', '_pkg_id'],
  ['aspera', 'faspex', 'f5_xfer_id'],
  ['aspera', 'faspex', 'metadata', '_pkg_uuid'],
] as const;

/** Ids and hashes are short; whoever starts a transfer can write tags as they like. */
const MAX_MARK = 200;

/** The value in the tags at this path. */
export const tagAt = (tags: JsonObject, path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), tags);

function withTag(tags: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): JsonObject {
  const inner = tags[name];
  return { ...tags, [name]: rest.length > 0 ? withTag(isJsonObject(inner) ? inner : {}, rest, value) : value };
}

const isMark = (value: JsonValue | undefined): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value.length <= MAX_MARK);

/** What of the tags says whose the transfer is and which one; the rest is nobody's business but the owner's. */
export function marksIn(tags: JsonObject): JsonObject {
  let marks: JsonObject = {};
  for (const path of markPaths) {
    const value = tagAt(tags, path);
    if (isMark(value)) marks = withTag(marks, path, value);
  }
  return marks;
}

/** The marks of a transfer: in an event alone, else among its tags. */
export const marksOf = ({ marks, tags }: Pick<NodeTransfer, 'marks' | 'tags'>): JsonObject => marks ?? tags;
