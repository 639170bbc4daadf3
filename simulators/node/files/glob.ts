type Accepts = (character: string) => boolean;

/** `*` is null; everything else stands for exactly one character. */
type Token = Accepts | null;

interface Read {
  readonly token: Token;
  /** Where the next token starts. */
  readonly next: number;
}

const one =
  (expected: string): Accepts =>
  (character) =>
    character === expected;

/** The members between `[` and `]`, as ranges; a `]` that comes first is a member. */
function ranges(members: readonly string[]): (readonly [low: string, high: string])[] {
  const found: [string, string][] = [];
  for (let index = 0; index < members.length; index += 1) {
    const low = members[index] ?? '';
    const high = members[index + 1] === '-' ? members[index + 2] : undefined;
    found.push([low, high ?? low]);
    if (high !== undefined) index += 2;
  }
  return found;
}

/** Reads `[abc]`, `[a-z]` or `[!a]` at `start`; undefined when the bracket is never closed. */
function readSet(glob: readonly string[], start: number): Read | undefined {
  const isNegated = glob[start + 1] === '!' || glob[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  const close = glob.indexOf(']', first + 1);
  if (close < 0) return undefined;
  const members = ranges(glob.slice(first, close));
  const token: Token = (character) =>
    members.some(([low, high]) => low <= character && character <= high) !== isNegated;
  return { token, next: close + 1 };
}

function readToken(glob: readonly string[], start: number): Read {
  const character = glob[start] ?? '';
  const escaped = character === '\\' ? glob[start + 1] : undefined;
  if (escaped !== undefined) return { token: one(escaped), next: start + 2 };
  const next = start + 1;
  if (character === '*') return { token: null, next };
  if (character === '?') return { token: () => true, next };
  return (character === '[' ? readSet(glob, start) : undefined) ?? { token: one(character), next };
}

function tokenize(glob: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; ) {
    const { token, next } = readToken(glob, at);
    tokens.push(token);
    at = next;
  }
  return tokens;
}

/** Goes back to the last `*` alone, so that no pattern takes longer than its length times the text's. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const expected = tokens[token];
    if (expected?.(text[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (expected === null) {
      star = token;
      resume = at;
      token += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      token = star + 1;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === null);
}

/**
 * A test for a shell pattern (`*`, `?`, `[…]`, backslash). `*` also matches `/`, as the vendor's samples need: `*.txt`
 * as a filter of whole paths (openapi 4.4.6, files-search-filters).
 */
export function compileGlob(glob: string, caseSensitive: boolean): (text: string) => boolean {
  const fold = (text: string) => [...(caseSensitive ? text : text.toLowerCase())];
  const tokens = tokenize(fold(glob));
  return (text) => matches(tokens, fold(text));
}
