import { inspect } from 'node:util';

/** A value that cannot be printed: every way to show it gives `[secret]`; only `reveal` gives the text. */
export interface Secret {
  reveal(): string;
}

/** A private member is seen by no way to print or copy an object, and costs nothing to make: one comes with each token. */
class HiddenText implements Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  static has(value: object): value is HiddenText {
    return #text in value;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

export const createSecret = (value: string): Secret => new HiddenText(value);

export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && HiddenText.has(value);
