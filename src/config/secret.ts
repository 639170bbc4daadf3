import { inspect } from 'node:util';

/** A value that cannot be printed: every way to show it gives `[secret]`; only `reveal` gives the text. */
export interface Secret {
  reveal(): string;
}

const known = new WeakSet<object>();
const hidden = () => '[secret]';

export function createSecret(value: string): Secret {
  const secret = Object.freeze({ reveal: () => value, toString: hidden, toJSON: hidden, [inspect.custom]: hidden });
  known.add(secret);
  return secret;
}

export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && known.has(value);
