import type { SimulatorRequest, SimulatorResponse } from '../../kit/message.ts';
import { zuluStamp } from '../dates.ts';
import { refusal } from '../errors.ts';
import { type Fields, readFields, stringField } from '../fields.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';
import type { ApiClient } from './api-client.ts';
import { verifyAssertion } from './assertion.ts';
import type { Sessions } from './sessions.ts';

export interface TokenDeps {
  readonly world: World;
  readonly client: ApiClient;
  readonly sessions: Sessions;
}

const JWT_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Form by the OpenAPI document and ascli, JSON by other clients: real servers take both (aspera-apps-api.md §2.1). */
function readForm(request: SimulatorRequest): Fields {
  if (request.headers['content-type']?.includes('json')) return readFields(request);
  return Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
}

function required(form: Fields, name: string): string {
  const value = stringField(form, name);
  if (!value) throw refusal(400, 1003, `The parameter ${name} is missing.`);
  return value;
}

/** The secret is optional; one that is sent, by Basic or in the body, must be right (aspera-apps-api.md §2.1). */
function checkSecret(request: SimulatorRequest, form: Fields, client: ApiClient): void {
  const secret = stringField(form, 'client_secret');
  if (secret !== undefined && secret !== client.clientSecret) {
    throw refusal(400, 2026, 'The client secret does not match.');
  }
  const basic = /^basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return;
  const [id, ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  if (id !== client.clientId || rest.join(':') !== client.clientSecret) {
    throw refusal(401, 2001, 'The credentials are not correct.');
  }
}

async function grant(deps: TokenDeps, request: SimulatorRequest): Promise<SimulatorResponse> {
  const { world, client, sessions } = deps;
  const form = readForm(request);
  const clientId = required(form, 'client_id');
  const grantType = required(form, 'grant_type');
  if (grantType !== JWT_GRANT) throw refusal(400, 1003, `The grant type ${grantType} is not supported.`);
  const assertion = required(form, 'assertion');
  if (clientId !== client.clientId) throw refusal(403, 2015, 'There is no such client.');
  checkSecret(request, form, client);
  if (!client.allowsJwtGrant) throw refusal(403, 2018, 'The client does not allow the JWT grant.');
  const user = await verifyAssertion(world, client, assertion);
  const { token, expiresAt } = await sessions.issue(clientId, user);
  const json = { token_type: 'bearer', access_token: token, expiration_date: zuluStamp(expiresAt) };
  return { status: 201, json };
}

/** `POST /auth/token` and `DELETE /auth/token` (aspera-apps-api.md §2.1, §2.2). */
export function registerTokenRoutes(routes: Routes, deps: TokenDeps): void {
  routes.open('POST', '/auth/token', (request) => grant(deps, request));
  routes.open('DELETE', '/auth/token', (request) => {
    deps.sessions.revoke(request);
    return { status: 204 };
  });
}
