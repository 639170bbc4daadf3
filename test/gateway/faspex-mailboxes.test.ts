import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onlyError, type People, type Person, startPeople } from './faspex-people.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => people.stack.simulators.faspex.faults.clear());

interface Nodes<T> {
  readonly nodes: readonly T[];
  readonly totalCount: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null; readonly shifted: boolean };
}
interface Row {
  readonly packageId: string;
  readonly title: string;
  readonly archived: boolean | null;
}

/** A package as Faspex itself shows it. */
interface Raw {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly upload_status: string;
  readonly created_time: string;
  readonly upload_completion_time?: string;
}

const PAGE = 'totalCount pageInfo { hasNextPage endCursor shifted }';
const LIST = `query ($mailbox: Mailbox, $filter: PackageFilterInput, $first: Int, $after: String) {
  faspex { packages(mailbox: $mailbox, filter: $filter, first: $first, after: $after) {
    nodes { packageId title archived } ${PAGE}
  } }
}`;

interface Listed {
  readonly faspex: { readonly packages: Nodes<Row> };
}

async function list(person: Person, variables: object = {}): Promise<Nodes<Row>> {
  return (await person.data<Listed>(LIST, variables)).faspex.packages;
}

const idsIn = async (person: Person, variables: object = {}) =>
  (await list(person, { first: 200, ...variables })).nodes.map(({ packageId }) => packageId);

const requests = (method: string, path: string) => people.stack.simulators.faspex.requests.count(method, path);

describe('a mailbox', () => {
  it('holds what its name says, for each of them', async () => {
    const { ava, tomas, mina } = people;
    const direct = await tomas.faspex.send(mina.username, { title: 'to Mina' });
    const toGroup = await ava.faspex.send('Editorial', {
      title: 'to a group',
      recipients: [{ name: 'Editorial', recipient_type: 'workgroup' }],
    });
    expect(await idsIn(mina, { mailbox: 'INBOX' })).toContain(direct);
    expect(await idsIn(mina, { mailbox: 'INBOX' })).not.toContain(toGroup);
    expect(await idsIn(mina)).toEqual(expect.arrayContaining([direct, toGroup]));
    expect(await idsIn(tomas, { mailbox: 'OUTBOX' })).toContain(direct);
    expect(await idsIn(tomas, { mailbox: 'PENDING' })).toContain(direct);
    expect(await idsIn(tomas, { mailbox: 'ALL' })).toContain(direct);
    expect(await idsIn(tomas, { mailbox: 'INBOX_ALL' })).not.toContain(direct);

    await mina.faspex.post(`/packages/${direct}/archive/received`);
    await mina.faspex.post(`/packages/${toGroup}/archive/received?archive_all=true`);
    await tomas.faspex.post(`/packages/${direct}/archive/sent`);
    expect(await idsIn(mina)).not.toEqual(expect.arrayContaining([direct]));
    expect(await idsIn(mina, { mailbox: 'INBOX_HISTORY' })).toEqual([direct]);
    expect(await idsIn(mina, { mailbox: 'INBOX_ALL_HISTORY' })).toEqual([toGroup, direct]);
    expect(await idsIn(tomas, { mailbox: 'OUTBOX' })).not.toContain(direct);
    expect(await idsIn(tomas, { mailbox: 'OUTBOX_HISTORY' })).toEqual([direct]);
    expect(await idsIn(tomas, { mailbox: 'PENDING_HISTORY' })).toEqual([direct]);
  });

  it('of the whole server is for administrators, and null with an error for others', async () => {
    const { ava, tomas } = people;
    const all = await list(ava, { mailbox: 'GLOBAL', first: 200 });
    expect(all.nodes.length).toBe(all.totalCount);
    expect(await idsIn(ava, { mailbox: 'ADMIN' })).toEqual(all.nodes.map(({ packageId }) => packageId));
    for (const mailbox of ['GLOBAL', 'ADMIN']) {
      const answer = await tomas.send<Listed>(LIST, { mailbox });
      expect(answer.data?.faspex.packages).toBeNull();
      expect(onlyError(answer)).toMatchObject({ code: 'SOURCE_FORBIDDEN', path: ['faspex', 'packages'] });
    }
  });

  it('is narrowed by every condition of its filter', async () => {
    const { ava } = people;
    const mailbox = 'ADMIN';
    const { json } = await ava.faspex.get<{ packages: Raw[] }>('/packages?limit=200');
    const [newest] = json.packages;
    const oldest = json.packages.at(-1);
    const only = (filter: object) => idsIn(ava, { mailbox, filter });
    const idsWhere = (test: (pkg: (typeof json.packages)[number]) => boolean) =>
      json.packages.filter(test).map(({ id }) => id);
    const isSame = (id: string | undefined) => (pkg: { id: string }) => pkg.id === id;

    expect(await only({ search: oldest?.title.toUpperCase() })).toEqual(
      idsWhere(({ title }) => title === oldest?.title),
    );
    expect(await only({ vendorStatus: 'completed' })).toEqual(idsWhere(({ status }) => status === 'completed'));
    const split = new Date(Date.parse(oldest?.created_time ?? '') + 1);
    expect(await only({ createdAfter: split })).toEqual(idsWhere((pkg) => !isSame(oldest?.id)(pkg)));
    expect(await only({ createdBefore: split })).toEqual([oldest?.id]);
    expect(await only({ createdAfter: split, createdBefore: split })).toEqual([]);
    expect(await only({ changedSince: new Date() })).toContain(newest?.id);
    expect(await only({ releasePolicy: 'LATER' })).toEqual([]);
    expect((await only({ workgroupIds: ['2'] })).length).toBeGreaterThan(0);
    expect(await only({ sharedInboxIds: ['2'] })).toEqual([]);
    expect(await only({ vendorUploadStatus: 'submitted' })).toEqual(
      idsWhere((pkg) => pkg.upload_status === 'submitted'),
    );
    const uploaded = json.packages.filter((pkg) => pkg.upload_completion_time !== undefined);
    expect(await only({ uploadedAfter: '2001-01-01T00:00:00Z', uploadedBefore: new Date() })).toEqual(
      uploaded.map(({ id }) => id),
    );
    expect(await only({ uploadedBefore: '2001-01-01T00:00:00Z' })).toEqual([]);
    await ava.faspex.call('DELETE', `/packages/${newest?.id}`);
    expect(await only({ ignoreDeleted: true })).toEqual(idsWhere((pkg) => !isSame(newest?.id)(pkg)));
    expect(await only({ search: '', vendorStatus: null })).toHaveLength(json.packages.length);
  });

  it('is read by one upstream call a page, and counts all pages', async () => {
    const { ava } = people;
    await list(ava);
    people.stack.simulators.faspex.requests.clear();
    const page = await list(ava, { mailbox: 'ADMIN', first: 3 });
    await list(ava, { mailbox: 'ADMIN', first: 3, after: page.pageInfo.endCursor });
    expect(page.totalCount).toBeGreaterThan(6);
    expect(requests('GET', '/packages')).toBe(2);
  });

  it('tells how many there are on a page of none', async () => {
    const page = await list(people.ava, { mailbox: 'ADMIN', first: 0 });
    expect(page).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true, endCursor: null } });
    expect(page.totalCount).toBeGreaterThan(6);
  });

  it('refuses a page that is larger than allowed', async () => {
    expect(onlyError(await people.ava.send(LIST, { first: 201 })).code).toBe('BAD_INPUT');
  });

  it('refuses the cursor of another list, another filter, another viewer, and garbage', async () => {
    const { ava, mina } = people;
    const { pageInfo } = await list(ava, { mailbox: 'ALL', first: 1 });
    const after = pageInfo.endCursor;
    const codeOf = async (person: Person, variables: object) => onlyError(await person.send(LIST, variables)).code;
    expect(await codeOf(ava, { mailbox: 'OUTBOX', after })).toBe('BAD_CURSOR');
    expect(await codeOf(ava, { mailbox: 'ALL', filter: { search: 'a' }, after })).toBe('BAD_CURSOR');
    expect(await codeOf(mina, { mailbox: 'ALL', after })).toBe('BAD_CURSOR');
    for (const garbage of ['', 'AAAA', 'null', Buffer.from('[1,2,3]').toString('base64url'), `${after}x`.slice(1)]) {
      expect(await codeOf(ava, { mailbox: 'ALL', after: garbage })).toBe('BAD_CURSOR');
    }
    expect((await list(ava, { mailbox: 'ALL', first: 1, after })).nodes).toHaveLength(1);
  });

  it('shows null and an error in the place of a package that cannot be read, and the others as they are', async () => {
    const { ava } = people;
    const { json } = await ava.faspex.get<{ packages: object[] }>('/all/packages?limit=3');
    const packages = json.packages.map((pkg, index) => (index === 1 ? { ...pkg, title: 42 } : pkg));
    const fault = {
      kind: 'status',
      status: 200,
      json: { ...json, packages },
      path: '/all/packages',
      times: 1,
    } as const;
    people.stack.simulators.faspex.faults.add(fault);
    const answer = await ava.send<Listed>(LIST, { mailbox: 'ALL', first: 3 });
    expect(answer.data?.faspex.packages.nodes).toEqual([expect.anything(), null, expect.anything()]);
    expect(onlyError(answer)).toEqual({
      message: 'packages sent an answer that does not have a usable title in item 1 of packages.',
      path: ['faspex', 'packages', 'nodes', 1],
      code: 'SOURCE_BAD_ANSWER',
    });
  });
});
