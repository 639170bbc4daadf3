import { expect, vi } from 'vitest';
import { followed, passedOn } from '../node/run-transfer.ts';
import { type Json, objectAt } from '../openapi/json.ts';
import type { Call, FaspexWorld } from './faspex-world.ts';

/** Asks for a spec to upload with, as IBM's client does, and moves the files. */
export async function upload(world: FaspexWorld, sender: Call, id: string, paths: readonly string[]): Promise<void> {
  const place = `/api/v5/packages/${id}/transfer_spec/upload?transfer_type=connect`;
  const { status, json } = await sender('POST', place, { paths });
  expect(status).toBe(200);
  await moveFiles(world, objectAt(json), { paths: paths.map((source) => ({ source })) });
}

/** Sends a package and waits until Faspex has noticed the end of the upload and released it. */
export async function sendPackage(
  world: FaspexWorld,
  sender: Call,
  request: Json,
  paths: readonly string[],
): Promise<string> {
  const created = await sender('POST', '/api/v5/packages', request);
  expect(created.status).toBe(201);
  const id = String(objectAt(created.json).id);
  await upload(world, sender, id, paths);
  const completed = async () => {
    expect((await sender('GET', `/api/v5/packages/${id}`)).json).toMatchObject({ status: 'completed' });
  };
  await vi.waitFor(completed, { timeout: 10_000 });
  return id;
}

/** Runs a spec from the desk, without its `authentication`, cookie and tags untouched (aspera-apps-api.md §5.5, §10). */
export async function moveFiles({ desks }: FaspexWorld, spec: Json, changes: Json): Promise<Json> {
  const { authentication: _, paths, ...rest } = spec;
  const { status, json } = await desks('POST', '/ops/transfers', passedOn(rest, { paths, ...changes }));
  expect(status).toBe(200);
  const done = await followed(desks, objectAt(json).id);
  expect(done).toMatchObject({ status: 'completed' });
  return done;
}
