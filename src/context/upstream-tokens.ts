import { createHmac, hash } from 'node:crypto';
import { createSecret } from '../config/secret.ts';
import type { CallerToken } from '../transport/upstream.ts';

/** What came where a token was expected is none. The message goes on after the header's name. */
export class UnusableToken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnusableToken';
  }
}

/**
 * The tokens of sources that came with one request, or with one WebSocket, by the headers that they came in.
 * @throws UnusableToken for what cannot be a token
 */
export type UpstreamTokens = (header: string) => CallerToken | undefined;

/** Takes callers' tokens from what they send. It looks at no header but those that sources are configured with. */
export interface TokenReader {
  /** In lower case, each once. */
  readonly headers: readonly string[];
  /** @param valueIn what came in the header with this name; undefined or null when nothing did */
  read(valueIn: (header: string) => unknown): UpstreamTokens;
}

/** Half of what Node.js reads of all headers together; no source makes tokens as long as that. */
const MAX_TOKEN_BYTES = 8 * 1024;

const PRINTABLE = /^[!-~]+$/;

/** What is wrong with it never tells what it is. */
function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new UnusableToken('must be a text.');
  if (value.length > MAX_TOKEN_BYTES) throw new UnusableToken(`must have at most ${MAX_TOKEN_BYTES} characters.`);
  if (PRINTABLE.test(value)) return value;
  throw new UnusableToken('must hold a token alone: printable ASCII without spaces, and no scheme before it.');
}

/**
 * @param headers the headers that sources are configured with, in lower case
 * @param secret the gateway's own: a digest must not tell a password that is easy to guess
 */
export function createTokenReader(headers: readonly string[], secret: string): TokenReader {
  const names = [...new Set(headers)];
  // Always as long, so that no two pairs of key and token are the same text.
  const key = createHmac('sha256', secret).update('upstream tokens').digest('hex');
  const toToken = (header: string, value: unknown): CallerToken => {
    const text = textOf(value);
    return { header, value: createSecret(text), digest: hash('sha256', key + text, 'base64url') };
  };
  return {
    headers: names,
    read: (valueIn) => {
      const sent = names.map((name) => valueIn(name) ?? undefined);
      const tokens: CallerToken[] = [];
      return (header) => {
        const index = names.indexOf(header);
        const value = sent[index];
        if (value === undefined) return undefined;
        const token = tokens[index] ?? toToken(header, value);
        tokens[index] = token;
        return token;
      };
    },
  };
}
