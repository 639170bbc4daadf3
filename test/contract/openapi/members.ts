import { isJson, type Json } from './json.ts';

/** Resolves a reference of the document; anything else is given back as it is. */
export type Resolve = (schema: unknown) => Json;
export type Visit = (pointer: string, isThere: boolean) => void;

interface Walk {
  readonly resolve: Resolve;
  readonly visit: Visit;
  /** Schemas that the walk is inside of: some documents go round in circles. */
  readonly inside: Set<unknown>;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What a schema joins, and each of its choices. */
const variantsOf = ({ allOf, anyOf, oneOf }: Json) => [allOf, anyOf, oneOf].flatMap(listOf);

/** Where the whole list is missing, so are the members that its items would have; an empty list says nothing of them. */
const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [undefined]);

function walkMembers(walk: Walk, properties: unknown, value: unknown, pointer: string): void {
  for (const [name, schema] of Object.entries(isJson(properties) ? properties : {})) {
    const found = isJson(value) ? value[name] : undefined;
    walk.visit(`${pointer}/${name}`, found !== undefined);
    walkSchema(walk, schema, found, `${pointer}/${name}`);
  }
}

function walkSchema(walk: Walk, given: unknown, value: unknown, pointer: string): void {
  const schema = walk.resolve(given);
  if (walk.inside.has(schema)) return;
  walk.inside.add(schema);
  for (const variant of variantsOf(schema)) walkSchema(walk, variant, value, pointer);
  if (isJson(schema.items)) for (const item of itemsOf(value)) walkSchema(walk, schema.items, item, `${pointer}/*`);
  walkMembers(walk, schema.properties, value, pointer);
  walk.inside.delete(schema);
}

/** Calls `visit` with the pointer of every member that a schema documents, and whether the value has it. */
export function visitMembers(resolve: Resolve, schema: unknown, value: unknown, visit: Visit): void {
  walkSchema({ resolve, visit, inside: new Set() }, schema, value, '');
}
