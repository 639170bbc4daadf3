import type { KeyObject } from 'node:crypto';
import { readJson } from '../kit/message.ts';
import type { Router } from '../kit/router.ts';
import type { Authenticate, Caller } from './caller.ts';
import { refusal } from './errors.ts';
import { fieldsOf, textOf } from './fields.ts';
import type { NodeContext } from './node-context.ts';
import { isKeyProof, type KeyClaim, readSshPublicKey } from './tokens/ssh-key.ts';

interface RegisteredKey {
  readonly key: KeyObject;
  readonly by: Caller;
}

/** SSH keys that were registered for users of the server. */
export interface PublicKeys {
  register(user: string, key: KeyObject, by: Caller): void;
  /** Who registered the key that the proof was made with; undefined when there is none. */
  registrarOf(claim: KeyClaim, proof: string): Caller | undefined;
}

export function createPublicKeys(): PublicKeys {
  const keys = new Map<string, RegisteredKey[]>();
  return {
    register: (user, key, by) => {
      keys.set(user, [...(keys.get(user) ?? []), { key, by }]);
    },
    registrarOf: (claim, proof) => keys.get(claim.user)?.find(({ key }) => isKeyProof(key, proof, claim))?.by,
  };
}

/** `POST /public_keys` (aspera-node-api.md §2): the user may log in with the key from now on. */
export function registerPublicKeyRoutes(router: Router, node: NodeContext, authenticate: Authenticate): void {
  router.on('POST', '/public_keys', (request) => {
    const caller = authenticate(request);
    const body = fieldsOf(readJson(request, () => refusal(400, 'The body is not valid JSON')));
    const [username, text] = [textOf(body.username), textOf(body.public_key)];
    const key = text === undefined ? undefined : readSshPublicKey(text);
    if (username !== node.transferUser || !key) {
      throw refusal(400, 'username must be the transfer user, and public_key a key in OpenSSH format');
    }
    node.publicKeys.register(username, key, caller);
    return { status: 201, json: { public_key: text } };
  });
}
