import type { Simulators } from '../../simulators/start-simulators.ts';

/** Something that must not turn up where others read. Only its name may be printed. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** Shorter pieces turn up by chance. */
const MIN_LENGTH = 8;

/** A key in PEM is found by any of its lines, so that no other way to break it hides it. */
function piecesOf(value: string): readonly string[] {
  if (!value.includes('-----BEGIN')) return [value];
  return value.split(/\\n|\s+/).filter((line) => line.length >= 32 && !line.includes('-----'));
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return piecesOf(value).flatMap((piece) => [
    piece,
    encodeURIComponent(piece),
    JSON.stringify(piece).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]);
}

/** The names of the secrets that a text holds, as they are or encoded. */
export function findSecrets(text: string, secrets: readonly NamedSecret[]): readonly string[] {
  const found = secrets.filter(({ value }) =>
    formsOf(value).some((form) => form.length >= MIN_LENGTH && text.includes(form)),
  );
  return [...new Set(found.map(({ name }) => name))];
}

/** What tokens and keys look like, for those that nobody has collected. */
const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ['a JSON Web Token', /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/],
  ['a transfer token', /\bAT[A-Z]\d_[\w-]{8,}/],
  ['a credential with its scheme', /\b(?:Basic|Bearer) [\w+/=.~-]{12,}/],
  ['a deflated bearer token', /\beJ[\w+/-]{60,}/],
];

/** What of a text looks like a secret, whoever made it. */
export const findSecretShapes = (text: string): readonly string[] =>
  shapes.filter(([, shape]) => shape.test(text)).map(([name]) => name);

const pair = (name: string, user: string, password: string): NamedSecret[] => [
  { name: `the password of ${name}`, value: password },
  { name: `the Basic credential of ${name}`, value: `${user}:${password}` },
];

/** Everything secret that the simulators know and the configuration refers to. */
export function secretsOf(
  { faspex, nodes, faircom }: Simulators,
  env: Readonly<Record<string, string>>,
): readonly NamedSecret[] {
  return [
    ...Object.entries(env).map(([name, value]) => ({ name: `the variable ${name}`, value })),
    { name: 'the key of the Faspex client', value: faspex.clientPrivateKey },
    { name: 'the secret of the Faspex client', value: faspex.clientSecret },
    ...pair('FairCom', faircom.username, faircom.password),
    ...nodes.flatMap((node) => [
      ...pair(node.name, node.username, node.password),
      ...pair(`the access key of ${node.name}`, node.accessKeyId, node.accessKeySecret),
      { name: `the private key of ${node.name}`, value: node.accessKeyPrivateKey },
    ]),
  ];
}
