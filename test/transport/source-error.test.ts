import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceError, type SourceErrorCode, vendorText } from '../../src/transport/source-error.ts';

describe('a source error', () => {
  it.each<[SourceErrorCode, boolean]>([
    ['SOURCE_UNREACHABLE', true],
    ['SOURCE_TIMEOUT', true],
    ['SOURCE_UNAVAILABLE', true],
    ['SOURCE_RATE_LIMITED', true],
    ['SOURCE_BAD_ANSWER', false],
    ['SOURCE_UNAUTHENTICATED', false],
    ['SOURCE_FORBIDDEN', false],
    ['NOT_FOUND', false],
    ['CONFLICT', false],
    ['BAD_INPUT', false],
    ['REQUEST_LIMIT', false],
    ['RETENTION_PASSED', false],
    ['CANCELED', false],
  ])('with the code %s is retryable: %s, unless told otherwise', (code, retryable) => {
    expect(new SourceError(code, 'm', { source: 's' }).retryable).toBe(retryable);
    expect(new SourceError(code, 'm', { source: 's', retryable: !retryable }).retryable).toBe(!retryable);
  });

  it('keeps its cause for the log and the vendor’s code for the caller', () => {
    const cause = new Error('socket');
    const error = new SourceError('CONFLICT', 'm', { source: 's', vendorCode: '4046', retryAfterMs: 7, cause });
    expect(error).toMatchObject({ name: 'SourceError', source: 's', vendorCode: '4046', retryAfterMs: 7, cause });
    expect(Object.hasOwn(new SourceError('CONFLICT', 'm', { source: 's' }), 'cause')).toBe(false);
  });
});

const letters = (alphabet: string, minLength: number, maxLength = 60) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const base64url = 'ABCXYZabcxyz0189-_';
const base64 = 'ABCXYZabcxyz0189+/';

const transferToken = fc
  .tuple(fc.constantFrom('B3', 'V7', 'M2', 'X9'), letters(base64url, 8))
  .map(([kind, text]) => `AT${kind}_${text}_${kind.slice(1)}${kind.slice(0, 1)}TA`);
const jwt = fc
  .tuple(letters(base64url, 8), letters(base64url, 8), letters(base64url, 8))
  .map(([header, payload, signature]) => `eyJ${header}.eyJ${payload}.${signature}`);
const basic = letters(base64, 6).map((text) => `${text}==`);
const opaque = letters(base64, 48, 90);
const pem = letters(base64, 40).map((text) => `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----`);
const address = fc
  .tuple(
    fc.constantFrom('http', 'https', 'HTTPS', 'ssh', 'ldaps', 'wss'),
    fc.constantFrom('node.example.com', '10.1.2.3:9092', 'user:pass@db'),
    letters('abc/?=&%', 0, 20),
  )
  .map(([scheme, host, rest]) => `${scheme}://${host}/${rest}`);

/** What may be said, and the part of it that must not be. */
const sensitive = fc.oneof(
  transferToken.map((text) => ({ text, secret: text })),
  jwt.map((text) => ({ text, secret: text })),
  fc.tuple(fc.constantFrom('Basic', 'BASIC', 'Bearer'), basic).map(([scheme, secret]) => ({
    text: `${scheme} ${secret}`,
    secret,
  })),
  fc.tuple(fc.constantFrom('Bearer ', 'bearer  ', 'token='), jwt).map(([lead, secret]) => ({
    text: `${lead}${secret}`,
    secret,
  })),
  opaque.map((text) => ({ text, secret: text })),
  pem.map((text) => ({ text, secret: text.split('\n')[1] ?? text })),
  address.map((text) => ({ text, secret: text })),
);

describe('a sentence of the vendor', () => {
  it('loses every credential and address, wherever they stand', () => {
    const words = fc.constantFrom('', 'Invalid', 'token: ', 'see (', '"', 'at\n', 'Authorization: ', 'ü');
    const after = fc.constantFrom('', ' was refused.', '"', '\n', ', again', ' )');
    fc.assert(
      fc.property(fc.array(fc.tuple(words, sensitive, after), { minLength: 1, maxLength: 4 }), (parts) => {
        const clean = vendorText(parts.map(([lead, { text }, tail]) => `${lead} ${text}${tail}`).join(' '));
        for (const [, { secret }] of parts) expect(clean).not.toContain(secret);
        expect(clean).toMatch(/\[removed\]|\[address\]/);
      }),
      { numRuns: 500 },
    );
  });

  it('loses also the pieces of a token', () => {
    fc.assert(
      fc.property(jwt, (token) => {
        const clean = vendorText(`refused ${token} again`);
        for (const part of token.split('.')) expect(clean).not.toContain(part);
        expect(clean).toBe('refused [removed] again');
      }),
    );
    const encrypted = ['eyJhbGciOiJSU0EifQ', 'keykeykey', 'iviviviv', 'ciphertext', 'tagtagtag'].join('.');
    expect(vendorText(`refused ${encrypted} again`)).toBe('refused [removed] again');
  });

  it.each([
    ['Authorization: basic dXNlcjpwYXNzd29yZA==', 'Authorization: [removed]'],
    ['header "bearer abc.DEF-123"', 'header "[removed]"'],
    ['Could not connect to 10.20.30.40:33001 today', 'Could not connect to [address] today'],
    ['See https://faspex.example.com/aspera/faspex/api/v5?x=1, please', 'See [address] please'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIabc', '[removed]'],
  ])('%j becomes %j', (text, clean) => {
    expect(vendorText(text)).toBe(clean);
  });

  it.each([
    'No such file or directory: /upload/Größe & more/report 2026.pdf',
    'Package 4711 is archived (code 1009).',
    'The basic settings of this table are wrong.',
    'FairCom error 4046: table already exists; version 4.4.6 build 17.',
    'ATTENTION: target rate 10000 kbps is too high at 12:30:45.',
  ])('that holds nothing secret stays as it is: %s', (text) => {
    expect(vendorText(text)).toBe(text);
  });

  it('becomes one line of at most 300 characters, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 1_000 }), (text) => {
        const clean = vendorText(text);
        expect(clean).not.toMatch(/[\n\r\t]/);
        expect(clean.length).toBeLessThanOrEqual(301);
      }),
    );
    expect(vendorText('word '.repeat(100))).toMatch(/…$/);
  });

  it('is cleaned quickly, however it was made', () => {
    const started = performance.now();
    for (const piece of ['-----BEGIN', 'eyJ', 'eyJa.', 'Basic ', 'AT', 'a:', 'bearer a', '1.']) {
      vendorText(piece.repeat(20_000));
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
