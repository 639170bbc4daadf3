import { createSign } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export type Headers = Readonly<Record<string, string>>;

export const basic = (name: string, secret: string): Headers => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
});

export interface BearerFacts {
  readonly accessKeyId: string;
  readonly privateKey: string;
  readonly userId?: string;
  readonly scope?: 'user:all' | 'admin:all';
  readonly groupIds?: readonly string[];
  readonly expiresAt?: Date;
}

/** A node bearer token as IBM's client makes it: no JWT, but a signed text that is deflated (aspera-node-api.md §1.3). */
export function bearerToken(facts: BearerFacts): string {
  const { accessKeyId, privateKey, userId = '777', scope = 'user:all', groupIds = [] } = facts;
  const expiresAt = facts.expiresAt ?? new Date(Date.now() + 86_400_000);
  const payload = JSON.stringify({
    user_id: userId,
    group_ids: groupIds,
    scope: `node.${accessKeyId}:${scope}`,
    auth_type: 'access_key',
    expires_at: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z'),
  });
  const signature = createSign('sha512').update(payload).sign(privateKey, 'base64');
  const lines = signature.match(/.{1,60}/g) ?? [];
  return deflateSync(`${payload}\n==SIGNATURE==\n${lines.join('\n')}\n`).toString('base64');
}

export const bearer = (facts: BearerFacts): Headers => ({
  authorization: `Bearer ${bearerToken(facts)}`,
  'x-aspera-accesskey': facts.accessKeyId,
});
