import { completeAt, failNow, type Holder, isPromise, type Place, placeIn, type Run, settle } from './run.ts';
import type { CompiledField, MakeObject } from './types.ts';

/** Asks a field for its value and writes it to its place. @throws where that must not be null */
export function executeField(
  run: Run,
  field: CompiledField,
  source: unknown,
  { holder, place }: { holder: Holder; place: Place },
) {
  const own = placeIn(place, field.key, holder, field.isNullable);
  let value: unknown;
  try {
    value = field.ask(run, source, own);
  } catch (error) {
    failNow(run, error, field, own);
    return;
  }
  settle(run, field, value, own);
}

const executeIn = (run: Run, field: CompiledField, source: unknown, holder: Holder, place: Place) =>
  executeField(run, field, source, { holder, place });

/** A leaf whose value is not plainly what it has to be. */
function completeLeaf(run: Run, field: CompiledField, value: unknown, source: unknown, place: Place): unknown {
  if ((value === null || value === undefined) && field.isNullable) return null;
  // Whatever is written here is read at once: the object that will hold it is still being made.
  const holder: Holder = {};
  const own = placeIn(place, field.key, holder, field.isNullable);
  try {
    const found = typeof value === 'function' ? field.ask(run, source, own) : value;
    if (!isPromise(found)) return completeAt(run, field, found, own);
    run.late.push({ field, promise: found });
    return null;
  } catch (error) {
    failNow(run, error, field, own);
    return null;
  }
}

/** Sees to the leaves of an object that are promises, now that the object is there. */
function settleLate(run: Run, holder: Holder, place: Place): void {
  const late = run.late.splice(0);
  for (const { field, promise } of late)
    settle(run, field, promise, placeIn(place, field.key, holder, field.isNullable));
}

/** There will be no object: what its leaves turn out to be is nobody's, and must not become a member of the next one. */
function forgetLate(run: Run): void {
  for (const { promise } of run.late.splice(0)) promise.then(undefined, () => undefined);
}

/** Tests for values that go into the answer as they are. */
const plain = {
  string: 'typeof v === "string"',
  integer: 'typeof v === "number" && (v | 0) === v',
  number: 'typeof v === "number" && Number.isFinite(v)',
  boolean: 'typeof v === "boolean"',
} as const;

/**
 * Names in a document are letters, digits and `_` (GraphQL §2.1.9), so none of them can be anything else than a name in
 * code. Nothing else of what a caller wrote comes near it. A member `__proto__` needs the brackets.
 */
const memberName = (key: string) => (key === '__proto__' ? '["__proto__"]' : `"${key}"`);

function inlineCode({ inline, name }: CompiledField, index: number): string {
  if (inline === undefined) return 'null';
  if (typeof inline === 'object') return `"${inline.constant}"`;
  const whole = `leaf(run, f${index}, v, s, place)`;
  return inline === 'any' ? `(v = s.${name}, ${whole})` : `(v = s.${name}, ${plain[inline]} ? v : ${whole})`;
}

/** What an object is made with where the value is no object: none of its members is there. */
const nothing = Object.freeze(Object.create(null));

const isAbsent = 'source === null || (typeof source !== "object" && typeof source !== "function")';

/**
 * Writes and compiles the function that makes an object of the answer. V8 is fast with an object that is written out,
 * all of its members in one place and read from a value that always looks the same; that is what this is for.
 */
export function writeObjectMaker(fields: readonly CompiledField[]): MakeObject {
  const members = fields.map((field, index) => `${memberName(field.key)}: ${inlineCode(field, index)}`);
  const others = fields.flatMap(({ inline }, index) =>
    inline === undefined ? [`  execute(run, f${index}, source, out, place);`] : [],
  );
  const code = [
    `const [${fields.map((_field, index) => `f${index}`).join(', ')}] = fields;`,
    'return function makeObject(run, source, place) {',
    `  const s = ${isAbsent} ? nothing : source;`,
    '  let v, out;',
    '  try {',
    `    out = { ${members.join(', ')} };`,
    '  } catch (error) {',
    '    forgetLate(run);',
    '    throw error;',
    '  }',
    '  if (run.late.length > 0) settleLate(run, out, place);',
    ...others,
    '  return out;',
    '};',
  ].join('\n');
  const write = new Function('fields', 'leaf', 'execute', 'settleLate', 'forgetLate', 'nothing', code);
  return write(fields, completeLeaf, executeIn, settleLate, forgetLate, nothing);
}
