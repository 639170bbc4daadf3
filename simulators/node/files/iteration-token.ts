import * as z from 'zod';
import { refusal } from '../errors.ts';

const shape = z.tuple([z.string(), z.string()]);

/**
 * An opaque token for the page that starts behind the name `after` in `folder`. It holds a name and no position, so
 * that entries which come or go between two pages are never shown twice and never push others out.
 */
export const encodeIterationToken = (folder: string, after: string): string =>
  Buffer.from(JSON.stringify([folder, after])).toString('base64url');

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The name behind which the token's page starts; a token of another folder is refused. */
export function decodeIterationToken(folder: string, token: string): string {
  const parsed = shape.safeParse(parse(token));
  if (!parsed.success || parsed.data[0] !== folder) throw refusal(400, 'Invalid iteration_token');
  return parsed.data[1];
}
