import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readExample } from '../helpers/read-example.ts';
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

const PAGE = 'totalCount pageInfo { hasNextPage endCursor shifted }';

const ask = async <T>(person: Person, selection: string, variables: object = {}, declared = '') =>
  (await person.data<{ faspex: T }>(`query ${declared} { faspex { ${selection} } }`, variables)).faspex;

describe('contacts', () => {
  it('are found by parts of words and by kind', async () => {
    const example = readExample('find-contacts');
    const find = async (variables: object) => {
      const { faspex } = await people.ava.data<{
        faspex: { contacts: Nodes<{ name: string; recipientType: string }> };
      }>(example, variables);
      return faspex.contacts.nodes.map(({ name, recipientType }) => `${recipientType} ${name}`);
    };
    expect(await find({ search: 'OKAF' })).toEqual(['USER mina.okafor']);
    expect(await find({ types: ['WORKGROUP', 'SHARED_INBOX'] })).toEqual([
      'SHARED_INBOX Press Deliveries',
      'WORKGROUP Editorial',
    ]);
    expect(await find({ types: ['EXTERNAL_USER'], search: 'lehmann' })).toEqual([
      'EXTERNAL_USER rosa@lehmann-post.example',
    ]);
    expect((await find({ types: [] })).length).toBeGreaterThan(8);
    expect(await find({ search: 'nobody at all' })).toEqual([]);
  });

  it('come page by page, each once, though people and groups are counted from 1 each', async () => {
    const field =
      'contacts(first: 2, after: $after) { nodes { contactId recipientType name } totalCount pageInfo { hasNextPage endCursor shifted } }';
    const found: string[] = [];
    let after: string | null = null;
    let total: number | null = null;
    do {
      const { contacts }: { contacts: Nodes<{ name: string }> } = await ask(
        people.ava,
        field,
        { after },
        '($after: String)',
      );
      found.push(...contacts.nodes.map(({ name }) => name));
      expect(contacts.pageInfo.shifted).toBe(false);
      total = contacts.totalCount;
      after = contacts.pageInfo.hasNextPage ? contacts.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found).toHaveLength(total ?? 0);
    expect(new Set(found).size).toBe(found.length);
  });
});

interface GroupRow {
  readonly groupId: string;
  readonly groupType: string;
  readonly name: string;
  readonly managed: boolean;
  readonly metadataProfileId: string | null;
  readonly members: Nodes<{ name: string; access: string }>;
  readonly packages: Nodes<Row> | null;
}

describe('shared inboxes and workgroups', () => {
  const GROUP = `nodes { groupId groupType name instructions managed metadataProfileId encryptionAtRest
    members(first: 10) { nodes { name access memberSince } totalCount }
    packages(first: 10, search: $search, includeArchived: $history) { nodes { packageId title archived } ${PAGE} } } totalCount`;
  const groupsOf = (person: Person, variables: object = {}) =>
    ask<{ sharedInboxes: Nodes<GroupRow>; workgroups: Nodes<GroupRow> }>(
      person,
      `sharedInboxes { ${GROUP} } workgroups(search: "edit") { ${GROUP} }`,
      variables,
      '($search: String, $history: Boolean)',
    );

  it('show their members, what they ask of senders, and what they have received', async () => {
    const { ava, mina } = people;
    const titled = { title: 'for the group', recipients: [{ name: 'Editorial', recipient_type: 'workgroup' }] };
    const packageId = await ava.faspex.send('Editorial', titled);
    const { sharedInboxes, workgroups } = await groupsOf(mina, { search: 'for the group' });
    expect(sharedInboxes.nodes[0]).toMatchObject({
      groupType: 'SHARED_INBOX',
      name: 'Press Deliveries',
      instructions: 'One package per outlet.',
      metadataProfileId: '2',
      encryptionAtRest: 'server',
    });
    const [editorial] = workgroups.nodes;
    expect(editorial).toMatchObject({ groupType: 'WORKGROUP', name: 'Editorial', metadataProfileId: null });
    expect(editorial?.members.nodes).toEqual(
      expect.arrayContaining([
        { name: ava.username, access: 'workgroup_admin', memberSince: expect.any(String) },
        { name: mina.username, access: 'standard', memberSince: expect.any(String) },
      ]),
    );
    expect(editorial?.packages?.nodes).toEqual([{ packageId, title: 'for the group', archived: false }]);

    await mina.faspex.post(`/packages/${packageId}/archive/received?archive_all=true`);
    const packagesOf = async (history: boolean) =>
      (await groupsOf(mina, { search: 'for the group', history })).workgroups.nodes[0]?.packages?.nodes.length;
    expect([await packagesOf(false), await packagesOf(true)]).toEqual([0, 1]);
  });

  it('keep their packages from who may only submit, and nothing else', async () => {
    const answer = await people.tomas.send<{ faspex: { sharedInboxes: Nodes<GroupRow> } }>(
      `{ faspex { sharedInboxes { nodes { name packages { totalCount } } } } }`,
    );
    expect(answer.data?.faspex.sharedInboxes.nodes).toEqual([{ name: 'Press Deliveries', packages: null }]);
    expect(onlyError(answer)).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      path: ['faspex', 'sharedInboxes', 'nodes', 0, 'packages'],
    });
  });

  it('page through what they have received by cursors of their own', async () => {
    const { ava } = people;
    const field = `workgroups { nodes { packages(first: 1, after: $after) { nodes { packageId } pageInfo { hasNextPage endCursor } } } }`;
    const page = async (after: string | null) =>
      (await ask<{ workgroups: Nodes<GroupRow> }>(ava, field, { after }, '($after: String)')).workgroups.nodes[0]
        ?.packages;
    const first = await page(null);
    const second = await page(first?.pageInfo.endCursor ?? null);
    expect(second?.nodes).toHaveLength(1);
    expect(second?.nodes).not.toEqual(first?.nodes);
  });
});

describe('a Faspex server', () => {
  it('shows its health, version, and who it takes the viewer for', async () => {
    const found = await ask(
      people.mina,
      'source version health { reachable version latencyMs } account { name role email }',
    );
    expect(found).toEqual({
      source: 'packages',
      version: expect.stringMatching(/^5\./),
      health: { reachable: true, version: expect.stringMatching(/^5\./), latencyMs: expect.any(Number) },
      account: { name: people.mina.username, role: 'manager', email: `${people.mina.username}@example.com` },
    });
  });

  it('is unhealthy when it does not answer, which is no error', async () => {
    people.stack.simulators.faspex.faults.add({ kind: 'drop', path: '/health' });
    const { health } = await ask<{ health: { reachable: boolean; detail: string } }>(
      people.mina,
      'health { reachable detail }',
    );
    expect(health).toEqual({ reachable: false, detail: expect.stringContaining('packages') });
  });

  it('shows the forms that senders fill in', async () => {
    const profile = 'profileId name isDefault titleMaxLength noteEnabled fields { name vendorType required choices }';
    const found = await ask<{ metadataProfiles: Nodes<object>; standard: object; press: object; none: null }>(
      people.tomas,
      `metadataProfiles(search: "press") { nodes { ${profile} } totalCount }
       standard: metadataProfile { name isDefault fields { required } } press: metadataProfile(profileId: "2") { ${profile} }
       none: metadataProfile(profileId: "99") { name }`,
    );
    expect(found.press).toMatchObject({
      name: 'Press',
      isDefault: false,
      titleMaxLength: 255,
      fields: expect.arrayContaining([
        { name: 'Language', vendorType: 'option_list', required: true, choices: ['English', 'Deutsch', '日本語'] },
      ]),
    });
    expect(found.metadataProfiles).toEqual({ nodes: [found.press], totalCount: 1 });
    expect(found.standard).toEqual({
      name: 'Standard',
      isDefault: true,
      fields: [{ required: false }, { required: false }],
    });
    expect(found.none).toBeNull();
  });

  it('answers one field by null and an error, and the others as they are, when one call fails', async () => {
    people.stack.simulators.faspex.faults.add({ kind: 'wrongJson', path: '/contacts' });
    const answer = await people.mina.send('{ faspex { version contacts { totalCount } account { name } } }');
    expect(answer.data).toEqual({
      faspex: { version: expect.any(String), contacts: null, account: { name: people.mina.username } },
    });
    expect(onlyError(answer)).toMatchObject({ code: 'SOURCE_BAD_ANSWER', path: ['faspex', 'contacts'] });
  });
});

describe('a package', () => {
  it('tells its audit trail page by page, and who did it', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    await mina.faspex.post(`/packages/${packageId}/archive/received`);
    const field = `package(packageId: $id) { events(first: 1, after: $after) {
      nodes { eventId eventType createdAt message application people { name } } ${PAGE} } }`;
    const page = async (after: string | null) =>
      (
        await ask<{ package: { events: Nodes<object> } }>(
          tomas,
          field,
          { id: packageId, after },
          '($id: String!, $after: String)',
        )
      ).package.events;
    const first = await page(null);
    expect(first).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true, shifted: false } });
    expect(first.nodes).toMatchObject([{ eventType: 'package_sent', people: [{ name: tomas.username }] }]);
    const second = await page(first.pageInfo.endCursor);
    expect(second.nodes).toMatchObject([{ eventType: 'package_archived', people: [{ name: mina.username }] }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('is null when it is not there or not yours, and an error when the id cannot be one', async () => {
    const { tomas, jonas } = people;
    const packageId = await tomas.faspex.send(jonas.username);
    const look = (person: Person, id: string) =>
      person.send<{ faspex: { package: object | null } }>(
        'query ($id: String!) { faspex { package(packageId: $id) { packageId } } }',
        { id },
      );
    expect((await look(tomas, packageId)).data?.faspex.package).toEqual({ packageId });
    expect(await look(people.mina, packageId)).toEqual({ data: { faspex: { package: null } } });
    expect(await look(tomas, '999999')).toEqual({ data: { faspex: { package: null } } });
    for (const id of ['', '../account', `${packageId}/forward`, '1?x=1', ' ', 'é']) {
      expect(onlyError(await look(tomas, id))).toMatchObject({ code: 'BAD_INPUT', path: ['faspex', 'package'] });
    }
  });

  it('is found by its global id by those who may see it alone', async () => {
    const { tomas, jonas, mina } = people;
    const packageId = await tomas.faspex.send(jonas.username);
    const { package: found } = await ask<{ package: { id: string } }>(
      tomas,
      `package(packageId: "${packageId}") { id }`,
    );
    const node = 'query ($id: ID!) { node(id: $id) { ... on FaspexPackage { packageId } } }';
    expect(await jonas.data(node, found)).toEqual({ node: { packageId } });
    expect(await mina.data(node, found)).toEqual({ node: null });
    for (const id of ['packages/1/2', 'nowhere/1', '%zz/1', 'packages']) {
      const forged = Buffer.from(`FaspexPackage:${id}`).toString('base64');
      expect(await people.ava.data(node, { id: forged })).toEqual({ node: null });
    }
  });
});
