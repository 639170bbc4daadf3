import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/transport/read-json.ts';

/** Longer than what is read as it came. */
const padding = 'x'.repeat(70_000);

/** The same bytes in pieces that end at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length)), 0, bytes.length].sort((a, b) => a - b);
  return ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
}

const outcomeOf = (read: () => unknown) => {
  try {
    return { value: read() };
  } catch (error) {
    return { error: error instanceof SyntaxError };
  }
};

const plain = (bytes: Buffer) => outcomeOf(() => JSON.parse(bytes.toString()));

describe('the JSON of an answer', () => {
  it('says the same however it is written, cut and long', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constant('\\ü\\\\Zoë\u2028 日本 🗂'));
    const values = fc.array(fc.dictionary(texts, fc.oneof(texts, fc.double(), fc.boolean())), { minLength: 1 });
    const places = fc.array(fc.nat(), { maxLength: 20 });
    fc.assert(
      fc.property(values, places, fc.boolean(), (value, places, isLong) => {
        const bytes = Buffer.from(JSON.stringify(isLong ? [value, padding, value] : value));
        expect(readJson(cut(bytes, places))).toEqual(JSON.parse(bytes.toString()));
      }),
      { numRuns: 300 },
    );
  });

  it('is read alike with bytes that are not UTF-8, and with what is not JSON', () => {
    const wrong = fc.array(
      fc.oneof(
        fc
          .constantFrom('"', '\\', '{', '}', ',', ':', 'ü', '"ü"', '日', '🗂', ' ', '\\ü', '\\u00', 'a')
          .map((text) => Buffer.from(text)),
        fc.constantFrom(0x80, 0xbf, 0xc3, 0xe6, 0xf0, 0xff).map((byte) => Buffer.from([byte])),
      ),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(wrong, fc.array(fc.nat(), { maxLength: 5 }), fc.boolean(), (pieces, places, isText) => {
        const middle = Buffer.concat(pieces);
        const [head, tail] = isText ? ['["', `","${padding}"]`] : ['[', `"${padding}"]`];
        const bytes = Buffer.concat([Buffer.from(head), middle, Buffer.from(tail)]);
        expect(outcomeOf(() => readJson(cut(bytes, places)))).toEqual(plain(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not changed by the next one', () => {
    const first = readJson([Buffer.from('{"a":"Zo'), Buffer.from(`ë","b":"${padding}"}`)]);
    readJson([Buffer.from(`["${padding}`), Buffer.from(`ü${padding}"]`)]);
    expect(first).toEqual({ a: 'Zoë', b: padding });
  });

  it('is undefined where there is none', () => {
    expect(readJson([])).toBeUndefined();
    expect(readJson([Buffer.from(' \n')])).toBeUndefined();
    expect(readJson([Buffer.from(`\u00a0${' '.repeat(70_000)}`)])).toBeUndefined();
  });

  it('may have the mark of UTF-8 before it, and a second answer behind it', () => {
    const long = `{"name":"Zoë","rest":"${padding}"}`;
    for (const json of ['{"name":"Zoë"}', long]) {
      const value = JSON.parse(json);
      expect(readJson([Buffer.from(`\ufeff${json}`)])).toEqual(value);
      expect(readJson([Buffer.from(`${json}\nHTTP/1.1 200 OK\r\n\r\n{}`)])).toEqual(value);
    }
  });
});
