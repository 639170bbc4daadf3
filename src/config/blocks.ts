import { z } from 'zod';
import type { Mistake } from './mistakes.ts';
import { isSecret, type Secret } from './secret.ts';

/** Building blocks of the configuration, shared by the slices of all sources. */

/** A secret: `{ env: NAME }` or `{ file: path }` in the file, replaced by its value before this is checked. */
export const secret = z.custom<Secret>(
  isSecret,
  'must be { env: NAME } or { file: path }: a secret is never written into the configuration itself',
);

const memberOf = (entry: unknown, name: string): unknown => {
  const value = typeof entry === 'object' && entry !== null ? Reflect.get(entry, name) : undefined;
  return isSecret(value) ? value.reveal() : value;
};

/**
 * The same list with a rule: no two entries have the same value under one of `names`. It is checked also where entries
 * have other mistakes, so that everything is reported at once.
 */
export const unique = <T extends z.ZodArray>(list: T, names: readonly string[]): T =>
  list.superRefine(
    (entries, { addIssue }) => {
      for (const name of names) {
        const seen = new Set<unknown>();
        for (const [index, entry] of entries.entries()) {
          const value = memberOf(entry, name);
          if (value !== undefined && seen.has(value)) {
            addIssue({ code: 'custom', path: [index, name], message: 'is used twice in this list' });
          }
          seen.add(value);
        }
      }
    },
    { when: ({ value }) => Array.isArray(value) },
  );

const isRegularExpression = (value: string) => {
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

const isHttpUrl = (value: string) => {
  try {
    const { protocol, search, hash, username, password } = new URL(value);
    // Everybody may read a source's address: it must not hold a password.
    return /^https?:$/.test(protocol) && search === '' && hash === '' && username === '' && password === '';
  } catch {
    return false;
  }
};

/** Notes a mistake at a setting of the map that is checked. */
export type Report = (path: Mistake['path'], message: string) => void;

/** The settings of a map as a rule finds them: any of them may be missing or wrong. */
export type Unchecked = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Unchecked =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The same map with a rule between its settings. It is checked also where some of them have mistakes of their own, so
 * that everything is reported at once.
 */
export const withRule = <T extends z.ZodObject>(map: T, rule: (settings: Unchecked, report: Report) => void): T =>
  map.superRefine(
    (settings, { addIssue }) => {
      if (isMap(settings)) rule(settings, (path, message) => addIssue({ code: 'custom', path: [...path], message }));
    },
    { when: ({ value }) => isMap(value) },
  );

/** An address with any path prefix; a trailing slash is dropped. */
export const url = z
  .string()
  .refine(isHttpUrl, 'must be an http:// or https:// address without user, password, query or fragment')
  .transform((value) => value.replace(/\/+$/, ''))
  .describe('Address of the server, with any path prefix.');

export const sourceName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/, 'must start with a letter and hold only letters, digits, - and _')
  .describe('The name by which operations call this source.');

export const milliseconds = z.int().min(1).max(86_400_000);

/** TLS material for a source. Files hold PEM and are read at start. */
export const tlsSettings = z
  .strictObject({
    caFile: z.string().optional().describe('Certificates to trust instead of the system’s, as PEM.'),
    certFile: z.string().optional().describe('Client certificate for mutual TLS, as PEM. Needs keyFile.'),
    keyFile: z.string().optional().describe('Private key of the client certificate, as PEM. Needs certFile.'),
    serverName: z
      .string()
      .optional()
      .describe('Name to expect in the server’s certificate, where it differs from the address.'),
  })
  .refine((value) => (value.certFile === undefined) === (value.keyFile === undefined), {
    message: 'certFile and keyFile belong together',
  });

export const tls = tlsSettings.prefault({}).describe('TLS towards this source.');

/** What every source over HTTP has. A slice spreads this into its own object. */
export const httpSource = {
  name: sourceName,
  url,
  tls,
  deadlineMs: milliseconds.default(15_000).describe('Milliseconds after which one attempt of a call is given up.'),
  poolSize: z.int().min(1).max(1024).default(32).describe('Sockets to this source at most.'),
  idleMs: milliseconds.default(10_000).describe('Milliseconds that an unused socket is kept.'),
  retries: z.int().min(0).max(5).default(2).describe('How often a call that is safe to repeat is tried again.'),
  circuitFailures: z.int().min(1).default(8).describe('Consecutive failures after which the source is left alone.'),
  circuitOpenMs: milliseconds.default(5_000).describe('Milliseconds for which a failing source is left alone.'),
  maxBodyBytes: z
    .int()
    .min(1024)
    .default(64 * 1024 * 1024)
    .describe('Largest answer that is read, in bytes.'),
};

/** Whom the gateway acts as at a source, and who the viewer is there. */
export const actAs = {
  actAs: z
    .enum(['service', 'viewer', 'forward'])
    .default('service')
    .describe(
      'service: with the credential configured here. viewer: in the name of the caller. forward: with a token of this source that the caller sends along in `tokenHeader`.',
    ),
  tokenHeader: z
    .string()
    .regex(/^x(?:-[a-z\d]+)+$/, 'must begin with x- and hold only lower-case letters, digits and single -')
    .optional()
    .describe('Request header in which callers send their own token of this source (actAs: forward).'),
  subjectClaim: z
    .string()
    .default('email')
    .describe('Claim of the viewer that names them at this source (actAs: viewer).'),
  issuers: z
    .array(z.string())
    .default([])
    .describe('Issuers whose claim is trusted as it is; from others only a verified e-mail is (actAs: viewer).'),
  subjectPattern: z
    .string()
    .refine(isRegularExpression, 'must be a regular expression')
    .optional()
    .describe('Regular expression that the whole subject must match (actAs: viewer).'),
  deniedSubjects: z.array(z.string()).default([]).describe('Subjects that are never acted for (actAs: viewer).'),
};

/** What callers' tokens need, and what nothing but they need. */
export function checkForwarding({ actAs: how, tokenHeader }: Unchecked, report: Report): void {
  if (how === 'forward' && tokenHeader === undefined) {
    report(['tokenHeader'], 'is needed with actAs: forward: the request header in which callers send their token');
  }
  if ((how === 'service' || how === 'viewer') && tokenHeader !== undefined) {
    report(['tokenHeader'], 'is read only with actAs: forward');
  }
}

/** For sources that can be called with nothing but the credential of the configuration. */
export const actAsService = (reason: string) =>
  z.literal('service', { error: `must be service: ${reason}` }).default('service');

export const visibility = z
  .enum(['own', 'all'])
  .default('own')
  .describe(
    'own: viewers see transfers that this gateway started or authorized for them, and those of packages they can read. all: everything, with the scope transfer.all.',
  );

/** Seconds of an upstream token's life that are given up, so that it never runs out on the way. */
export const renewEarlyMs = z
  .int()
  .min(0)
  .default(60_000)
  .describe('Milliseconds before its end at which a token is renewed.');
