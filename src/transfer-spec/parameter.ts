import type { JsonValue } from './transfer-spec.ts';

/** A program that runs a transfer by a spec. */
export type TransferAgent = 'DIRECT' | 'NODE' | 'TRANSFERD' | 'CONNECT' | 'HTTP_GATEWAY';

export type ValueType = 'text' | 'integer' | 'boolean' | 'object' | 'list';

/** What ascp is told for a value: nothing, an option, or an option and its value. */
type Rendering = (value: JsonValue) => readonly string[];

/** What is known of one parameter of a transfer spec v1 (aspera-node-api.md §7). */
export interface Parameter {
  readonly types: readonly ValueType[];
  /** The only texts that are allowed, where not every one is. */
  readonly values?: readonly string[];
  /** The same for an agent that has words of its own. */
  readonly valuesOf?: Partial<Readonly<Record<TransferAgent, readonly string[]>>>;
  readonly least?: number;
  readonly most?: number;
  /** What a text must look like, and that in words. */
  readonly shape?: { readonly pattern: RegExp; readonly words: string };
  /** Who takes it; everybody when left out. */
  readonly agents?: readonly TransferAgent[];
  /** Environment variable by which ascp is told. Its value never goes into a command line. */
  readonly variable?: string;
  readonly ascp?: Rendering;
}

export const boolean = { types: ['boolean'] } as const;
export const text = { types: ['text'] } as const;
export const object = { types: ['object'] } as const;
export const list = { types: ['list'] } as const;
export const integer = { types: ['integer'] } as const;
export const countFrom = (least: number, most?: number) => ({
  ...integer,
  least,
  ...(most === undefined ? {} : { most }),
});
export const port = countFrom(1, 65_535);
export const oneOf = <const Values extends readonly string[]>(...values: Values) => ({ ...text, values });

export const base64 = (value: JsonValue): string => Buffer.from(String(value)).toString('base64');
export const json64 = (value: JsonValue): string => base64(JSON.stringify(value));

/** An option without a value. */
export const flag =
  (name: string, whenFalse?: string): Rendering =>
  (value) => {
    if (value === true) return [name];
    return value === false && whenFalse !== undefined ? [whenFalse] : [];
  };

/** An option and its value. An empty text is as good as none. */
export const option =
  (name: string, spell: (value: JsonValue) => string = String): Rendering =>
  (value) =>
    value === '' ? [] : [name, spell(value)];

/** An option whose value has another word at ascp. */
export const renamed = (name: string, words: Readonly<Record<string, string>>): Rendering =>
  option(name, (value) => words[String(value)] ?? String(value));

/** An option that is repeated for each entry. Its value may begin with a hyphen. */
export const repeated =
  (name: string): Rendering =>
  (value) =>
    Array.isArray(value) ? value.map((entry) => `${name}=${String(entry)}`) : [];
