import { expect, it } from 'vitest';
import { listAt, objectAt } from '../openapi/json.ts';
import type { NodeWorld } from './node-world.ts';

const linkOf = (headers: Headers) => /^<([^>]+)>; *rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? '';

/** What a node remembers of the past (aspera-node-api.md §2 /events, /usage). */
export function judgeActivity(world: () => NodeWorld): void {
  it('tells events in pages that a Link continues, until a page is empty', async () => {
    const seen: unknown[] = [];
    let path = '/events?count=5';
    for (;;) {
      const { json, headers } = await world().london.user('GET', path);
      const events = listAt(json);
      if (events.length === 0) break;
      seen.push(...events.map(({ id }) => id));
      const next = new URL(linkOf(headers));
      path = `${next.pathname}${next.search}`;
    }
    expect(seen.length).toBeGreaterThan(10);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('filters events by their type, by one glob and by time', async () => {
    const typesOf = async (query: string) =>
      listAt((await world().london.user('GET', `/events?${query}`)).json).map(({ types }) => types as string[]);
    const uploads = await typesOf('type=upload.ended');
    expect(uploads.length).toBeGreaterThan(0);
    expect(uploads.every((types) => types.includes('upload.ended') && types.includes('transfer.ended'))).toBe(true);
    expect((await typesOf('type_glob[]=file.*')).flat().every((type) => type.startsWith('file.'))).toBe(true);
    expect(await typesOf('after_time=2100-01-01T00:00:00Z')).toEqual([]);
    expect((await world().london.user('GET', '/events?count=few')).status).toBe(400);
  });

  it('shows one event again by its id', async () => {
    const [event] = listAt((await world().london.user('GET', '/events?type=transfer.ended&count=1')).json);
    expect(event).toMatchObject({ id: expect.any(String), data: { status: expect.any(String) } });
    expect(event?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect((await world().london.user('GET', `/events/${event?.id}`)).json).toEqual(event);
    expect((await world().london.user('GET', '/events/unknown')).status).toBe(404);
  });

  it('counts bytes by the usage id of the tags', async () => {
    const { json } = await world().tokyo.key('GET', '/usage/counted');
    const { bytes_in, bytes_out, bytes_total } = objectAt(json);
    expect(json).toMatchObject({ id: 'counted', bytes_total: 3_002_000 });
    expect(Number(bytes_in) + Number(bytes_out)).toBe(bytes_total);
    expect(objectAt((await world().tokyo.key('GET', '/usage')).json).bytes_total).toBeGreaterThanOrEqual(3_002_000);
    expect((await world().tokyo.key('GET', '/usage/unknown')).status).toBe(404);
  });

  it('shows nothing while activity is not logged', async () => {
    const { london } = world();
    await london.simulator.switches.setActivityLogging?.({ enabled: false });
    expect((await london.user('GET', '/ops/transfers')).json).toEqual([]);
    expect((await london.user('GET', '/usage')).status).toBe(404);
    await london.simulator.switches.setActivityLogging?.({ enabled: true });
    expect(listAt((await london.user('GET', '/ops/transfers')).json)).not.toEqual([]);
  });
}
