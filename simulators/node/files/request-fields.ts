import * as z from 'zod';
import { readJson, type SimulatorRequest } from '../../kit/message.ts';
import { refusal } from '../errors.ts';

/** The JSON body in the shape of `schema`, or a 400 that names the first member which is wrong. */
export function readBody<T>(request: SimulatorRequest, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(readJson(request, () => refusal(400, 'The body is not valid JSON')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refusal(400, `Invalid parameter ${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}

/** A body `{paths: [...]}`, as most gen3 calls take. */
export const pathsOf = <T>(schema: z.ZodType<T>) => z.object({ paths: z.array(schema) });

/** A query parameter that is an integer of at least `least`; undefined when it is not sent. */
export function queryInteger(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw refusal(400, `Invalid parameter ${name}`);
  }
  return value;
}

/** Every value of a list parameter: `name=a,b`, `name=a&name=b` and `name[]=a&name[]=b` are all in use. */
export const queryList = (query: URLSearchParams, name: string): readonly string[] =>
  [...query.getAll(name), ...query.getAll(`${name}[]`)].flatMap((value) => value.split(',')).filter(Boolean);

/** `page` and `per_page`: both or neither (aspera-node-api.md §4). */
export function queryPage(query: URLSearchParams): { readonly start: number; readonly end: number } | undefined {
  const page = queryInteger(query, 'page', 1);
  const perPage = queryInteger(query, 'per_page', 1);
  if (page === undefined && perPage === undefined) return undefined;
  if (page === undefined || perPage === undefined) throw refusal(400, 'page and per_page go together');
  return { start: (page - 1) * perPage, end: page * perPage };
}

/** Text in base64 (line breaks are ignored) as bytes. */
export function decodeBase64(text: string): Buffer {
  const packed = text.replaceAll(/\s/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw refusal(400, 'Invalid contents: not base64');
  }
  return Buffer.from(packed, 'base64');
}
