import { expect, it } from 'vitest';
import { objectAt } from '../openapi/json.ts';
import { listReference, readReference } from '../openapi/reference.ts';
import { claimsOf, recordedClaims, signAssertion } from './assertion.ts';
import { type Cast, names } from './cast.ts';
import { askForToken, type Call } from './faspex-world.ts';
import { misfits } from './sample-fit.ts';
import type { Stage } from './stage.ts';

/** Samples of what our simulator does not do. */
const unserved = {
  'webhook-payload.json': 'webhooks are not simulated',
  'public-link-context.json': 'public links are not simulated',
  'bulk-207.json': 'no bulk call that answers 207 is served: deleting packages answers 400',
};

type Show = (call: Call, stage: Stage) => Promise<unknown>;

const shown =
  (method: string, path: (cast: Cast) => string, body?: unknown): Show =>
  async (call, { cast }) =>
    (await call(method, `/api/v5${path(cast)}`, body)).json;

const recipient = ({ self }: Cast) => `recipient_user_id=${self.id}`;

const askToken = async ({ world }: Stage) => {
  const claims = recordedClaims(world.faspex.clientId, names.self);
  const { json } = await askForToken(
    world.anyone,
    world.faspex.clientId,
    signAssertion(claims, world.faspex.clientPrivateKey),
  );
  return objectAt(json);
};

/** A package that has not been uploaded yet. */
const newPackage = async (call: Call) => {
  const request = { title: 'Sample', recipients: [{ name: names.bob }] };
  return objectAt((await call('POST', '/api/v5/packages', request)).json).id;
};

/** The answer of our simulator that has the shape of each sample. */
const counterparts: Readonly<Record<string, Show>> = {
  'access-token-payload.json': async (_, stage) => claimsOf(String((await askToken(stage)).access_token)),
  'token-201.json': (_, stage) => askToken(stage),
  'jwt-assertion-claims.json': async (_, { world }) => recordedClaims(world.faspex.clientId, names.self),
  'browse-legacy.json': shown('POST', (cast) => `/packages/${cast.own}/files/received?${recipient(cast)}`, {
    path: '/',
  }),
  'contacts.json': shown('GET', () => '/contacts?context=packages&limit=100'),
  'error.json': shown('GET', () => '/packages/999999'),
  'faspex-package.json': shown('GET', ({ own }) => `/packages/${own}`),
  'packages-page.json': shown('GET', () => '/inbox_all/packages?limit=100'),
  'transfer-spec-download.json': shown(
    'POST',
    (cast) => `/packages/${cast.own}/transfer_spec/download?transfer_type=connect&type=received&${recipient(cast)}`,
    {},
  ),
  'transfer-spec-upload.json': async (call) => {
    const place = `/api/v5/packages/${await newPackage(call)}/transfer_spec/upload?transfer_type=connect`;
    return (await call('POST', place, { paths: ['/local/a.mov'] })).json;
  },
  'upload-details.json': shown('GET', ({ own }) => `/packages/${own}/upload_details`),
};

/** Every member of a sample is in our answer, with the same JSON type. */
export function judgeSamples(stage: () => Stage): void {
  it.each(Object.entries(counterparts))('%s', async (name, show) => {
    const call = await stage().world.signIn(names.self);
    const sample: unknown = JSON.parse(readReference(`faspex5-samples/${name}`));
    expect(misfits(sample, await show(call, stage()))).toEqual([]);
  });

  it('were all held against an answer, apart from those that are told not to be', () => {
    expect([...Object.keys(counterparts), ...Object.keys(unserved)].toSorted()).toEqual(
      listReference('faspex5-samples'),
    );
  });
}
