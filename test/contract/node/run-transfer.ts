import { expect, onTestFinished, vi } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import type { Call, NodeWorld } from './node-world.ts';

/** The spec that a node hands out for one request. */
export async function authorize(call: Call, kind: string, request: Json): Promise<Json> {
  const body = { transfer_requests: [{ transfer_request: request }] };
  const { status, json } = await call('POST', `/files/${kind}_setup`, body);
  expect(status).toBe(200);
  return objectAt(listAt(json, 'transfer_specs')[0], 'transfer_spec');
}

/** A spec as IBM's client passes it on: without the server's `null`s and paths (aspera-node-api.md §3). */
export const passedOn = ({ paths: _, ...spec }: Json, changes: Json): Json => ({
  ...Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null)),
  ...changes,
});

const finalStatuses = ['completed', 'failed', 'canceled'];

/** Follows a transfer as IBM's client does, and demands of every answer what that needs (aspera-node-api.md §9). */
export async function followed(call: Call, id: unknown): Promise<Json> {
  let last: Json = {};
  const ended = async () => {
    const { json } = await call('GET', `/ops/transfers/${id}`);
    last = objectAt(json);
    expect(['string', 'undefined']).toContain(typeof last.error_desc);
    if (objectAt(last, 'precalc').status === 'ready')
      expect(objectAt(last, 'precalc').bytes_expected).toBeTypeOf('number');
    expect(finalStatuses).toContain(last.status);
  };
  await vi.waitFor(ended, { timeout: 10_000 });
  return last;
}

/** Posts a spec of the server to the node that is to be the client; what still runs when the test is over is cancelled. */
export async function posted(call: Call, spec: Json): Promise<Json> {
  const { status, json } = await call('POST', '/ops/transfers', spec);
  expect(status).toBe(200);
  const { id } = objectAt(json);
  expect(id).toBeTypeOf('string');
  onTestFinished(async () => {
    await call('PUT', `/ops/transfers/${id}`, { status: 'canceled' });
  });
  return objectAt(json);
}

/** A transfer from london to tokyo that takes long enough to be looked at. */
export async function slowUpload({ london, tokyo }: NodeWorld, changes: Json = {}): Promise<Json> {
  const spec = await authorize(tokyo.user, 'upload', { paths: [{}], destination_root: '/in/slow' });
  const transfer = passedOn(spec, { paths: [{ source: '/rushes/big.bin' }], target_rate_kbps: 2_000, ...changes });
  const { id } = await posted(london.user, transfer);
  const started = async () =>
    Number(objectAt((await london.user('GET', `/ops/transfers/${id}`)).json).bytes_transferred);
  await expect.poll(started).toBeGreaterThan(0);
  return { id };
}
