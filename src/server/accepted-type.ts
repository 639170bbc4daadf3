/** Media types of an answer in one piece, the one that is preferred where both are as good last (GraphQL over HTTP §6.1). */
const jsonTypes = ['application/graphql-response+json', 'application/json'] as const;

export type JsonType = (typeof jsonTypes)[number];

const isMatch = (asked: string, type: JsonType) =>
  asked === type || asked === '*/*' || (asked === 'application/*' && type.startsWith('application/'));

/** The media range without parameters; undefined where another charset than UTF-8 is asked for. */
function rangeOf(part: string): string | undefined {
  const [range = '', ...parameters] = part.split(';');
  const charset = parameters.find((parameter) => parameter.includes('charset='));
  return charset === undefined || charset === 'charset=utf-8' ? range : undefined;
}

function readAccepted(accept: string | undefined): JsonType | undefined {
  const ranges = (accept || '*/*').replace(/\s/g, '').toLowerCase().split(',').map(rangeOf);
  for (const range of ranges) {
    const type = jsonTypes.findLast((each) => range !== undefined && isMatch(range, each));
    if (type) return type;
  }
  return undefined;
}

let last: { readonly accept: string | undefined; readonly type: JsonType | undefined } | undefined;

/**
 * What an Accept header makes of an answer in one piece, as yoga reads it; undefined when it admits none of ours. Most
 * requests have the header of the one before.
 */
export function acceptedType(accept: string | undefined): JsonType | undefined {
  if (last?.accept !== accept || !last) last = { accept, type: readAccepted(accept) };
  return last.type;
}
