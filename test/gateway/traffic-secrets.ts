import type { PassedRequest } from '../helpers/recording-proxy.ts';
import type { NamedSecret } from '../helpers/secrets.ts';

/** Members of the vendors' JSON that hold what proves who somebody is, or what they may transfer. */
const secretMembers: ReadonlySet<string> = new Set(['access_token', 'authToken', 'token', 'password', 'secret']);

function collect(value: unknown, found: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && secretMembers.has(name) && member.length >= 16) found.set(member, name);
    collect(member, found);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The credentials and tokens that went to and fro between the gateway and its sources. */
export function secretsOfTraffic(passed: readonly PassedRequest[]): readonly NamedSecret[] {
  const found = new Map<string, string>();
  for (const { headers, body, answer } of passed) {
    const [scheme = '', credential] = (headers.authorization ?? '').split(' ');
    if (credential !== undefined) found.set(credential, `a ${scheme} credential`);
    const assertion = new URLSearchParams(body).get('assertion');
    if (assertion !== null) found.set(assertion, 'an assertion');
    collect(parsed(body), found);
    collect(parsed(answer?.body ?? ''), found);
  }
  return [...found].map(([value, name]) => ({ name: `${name} (seen on the way)`, value }));
}
