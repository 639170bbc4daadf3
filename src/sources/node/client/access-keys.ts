import { itemsIn } from '../../../reading/members.ts';
import type { SourceError } from '../../../transport/source-error.ts';
import type { NodeConnection } from '../connection.ts';
import { bearerForbidden } from '../errors.ts';
import { parseAnswer, parseItems } from '../parse.ts';
import { segment } from '../segment.ts';
import type { AccessKey } from '../types.ts';
import { accessKey } from '../wire/storage.ts';

/** `GET /access_keys`: those that the credential may see; never with a bearer token (aspera-node-api.md §1.2). */
export async function listAccessKeys(connection: NodeConnection): Promise<(AccessKey | SourceError)[]> {
  if (connection.isBearer) throw bearerForbidden(connection.source);
  const { body } = await connection.send({
    operation: 'node.accessKeys',
    method: 'GET',
    path: '/access_keys',
    repeat: 'safe',
  });
  const items = parseAnswer(connection.source, 'a list of access keys', itemsIn, body);
  return parseItems(connection.source, 'an access key', accessKey, items);
}

async function readKey(connection: NodeConnection, operation: string, path: string): Promise<AccessKey> {
  const { body } = await connection.send({ operation, method: 'GET', path, repeat: 'safe' });
  return parseAnswer(connection.source, 'an access key', accessKey, body);
}

/** `GET /access_keys/{id}`; never with a bearer token. */
export async function readAccessKey(connection: NodeConnection, accessKeyId: string): Promise<AccessKey> {
  if (connection.isBearer) throw bearerForbidden(connection.source);
  return readKey(connection, 'node.accessKey', `/access_keys/${segment(connection.source, accessKeyId)}`);
}

/** The access key in use. `/self` is the same object for bearer tokens, which `/access_keys` refuses (§1.2, §2). */
export const readOwnAccessKey = (connection: NodeConnection): Promise<AccessKey> =>
  readKey(connection, 'node.accessKeySelf', connection.isBearer ? '/self' : '/access_keys/self');
