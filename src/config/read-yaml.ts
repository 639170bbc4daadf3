import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Mistake, SettingPath } from './mistakes.ts';

export interface YamlText {
  readonly value: unknown;
  /** What is wrong with the text itself, as YAML. */
  readonly mistakes: readonly Mistake[];
  /** The line of a setting, or of the last part of its path that is there. */
  lineOf(path: SettingPath): number | undefined;
}

type YamlDocument = ReturnType<typeof parseDocument>;

function childOf(
  node: Node,
  part: string | number,
): { offset: number | undefined; node: Node | undefined } | undefined {
  if (isMap<Node, Node>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair && { offset: pair.key.range?.[0], node: pair.value ?? undefined };
  }
  if (!isSeq<Node>(node) || typeof part !== 'number') return undefined;
  const item = node.items[part];
  return item && { offset: item.range?.[0], node: item };
}

function offsetOf(document: YamlDocument, path: SettingPath): number | undefined {
  let offset: number | undefined;
  let node: Node | undefined = document.contents ?? undefined;
  for (const part of path) {
    const parent: Node | undefined = isAlias(node) ? node.resolve(document) : node;
    const child = parent && childOf(parent, part);
    if (!child) return offset;
    offset = child.offset ?? offset;
    node = child.node;
  }
  return offset;
}

/** Aliases can multiply until memory is full, or lead back to themselves; neither is a configuration. */
function followAliases(document: YamlDocument): { value: unknown; mistakes: readonly Mistake[] } {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    JSON.stringify(value);
    return { value, mistakes: [] };
  } catch {
    const message = 'the aliases (*name) of this file cannot be followed: too many, to nothing, or in a circle';
    return { value: undefined, mistakes: [{ path: [], message }] };
  }
}

/** The key that a mistake starts at, for a message that names it. */
const keyAt = (text: string, offset: number) => /^[^\s:]*/.exec(text.slice(offset))?.[0] ?? '';

/**
 * Parses YAML 1.2. A key that stands twice in one map is a mistake, not the last word; it does not keep the rest from
 * being read.
 */
export function readYaml(text: string): YamlText {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { strict: true, uniqueKeys: true, prettyErrors: false, lineCounter });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  const lineOf = (path: SettingPath) => {
    const offset = offsetOf(document, path);
    return offset === undefined ? undefined : lineAt(offset);
  };
  const problems = [...document.errors, ...document.warnings];
  const mistakes = problems.map(({ code, message, pos: [start] }): Mistake => {
    const sentence = code === 'DUPLICATE_KEY' ? `${keyAt(text, start)} stands twice in one map` : message;
    return { path: [], message: sentence.replace(/\s+/g, ' ').trim(), line: lineAt(start) };
  });
  if (problems.some(({ code }) => code !== 'DUPLICATE_KEY')) return { value: undefined, mistakes, lineOf };
  const followed = followAliases(document);
  return { value: followed.value, mistakes: [...mistakes, ...followed.mistakes], lineOf };
}
