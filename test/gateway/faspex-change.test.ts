import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readExample } from '../helpers/read-example.ts';
import { FAILURE, type Failure, type People, type Person, startPeople } from './faspex-people.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => people.stack.simulators.faspex.faults.clear());

interface Package {
  readonly packageId: string;
  readonly title: string;
  readonly note: string | null;
  readonly status: string;
  readonly archived: boolean;
  readonly releasePolicy: string;
  readonly releasedAt: string | null;
  readonly expirationPolicy: string;
  readonly expiresAt: string | null;
  readonly sizeBytes: number;
  readonly fileCount: number;
}
interface Deletion {
  readonly packageId: string;
  readonly ok: boolean;
  readonly error: Failure | null;
}
interface Result extends Failure {
  readonly package: Package;
  readonly results: readonly Deletion[];
}

const PACKAGE = `packageId title note status archived releasePolicy releasedAt expirationPolicy expiresAt sizeBytes fileCount
  recipients { name } sender { name }`;

const mutation = (name: string, selection: string) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  return `mutation ($input: ${type}Input!) { result: ${name}(input: $input) { ... on ${type}Success { ${selection} } ${FAILURE} } }`;
};

const mutations = {
  forwardPackage: mutation('forwardPackage', `package { ${PACKAGE} }`),
  updatePackage: mutation('updatePackage', `package { ${PACKAGE} }`),
  archivePackage: mutation('archivePackage', `package { ${PACKAGE} }`),
  deletePackages: mutation('deletePackages', `results { packageId ok error { ${FAILURE} } }`),
};

const run = async (name: keyof typeof mutations, person: Person, input: object) =>
  (await person.data<{ result: Result }>(mutations[name], { input })).result;

const find = async (person: Person, packageId: string) =>
  (
    await person.data<{ faspex: { package: Package | null } }>(
      `query ($id: String!) { faspex { package(packageId: $id) { ${PACKAGE} } } }`,
      { id: packageId },
    )
  ).faspex.package;

const becomes = (person: Person, packageId: string, status: string) =>
  vi.waitFor(async () => expect(await find(person, packageId)).toMatchObject({ status }), { timeout: 15_000 });

/** A package whose files come from a shared folder of the server. */
async function fill(sender: Person, recipient: Person, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const packageId = await sender.faspex.send(recipient.username, more);
  await sender.faspex.post(`/packages/${packageId}/remote_transfer`, { shared_folder_id: '1', paths: ['/stills'] });
  return packageId;
}

describe('a package', () => {
  it('is forwarded with its title and without an upload, and the original stays as it is', async () => {
    const { tomas, mina, jonas } = people;
    const packageId = await fill(tomas, mina, { title: 'Rushes, day 2', note: 'for Mina' });
    await becomes(mina, packageId, 'AVAILABLE');
    const example = readExample('forward-package');
    const variables = { packageId, to: jonas.username, note: 'for Jonas' };
    const { forwardPackage } = await mina.data<{ forwardPackage: Result }>(example, variables);
    expect(forwardPackage).toMatchObject({
      package: { title: 'Rushes, day 2', recipients: [{ name: jonas.username }] },
    });
    await becomes(jonas, forwardPackage.package.packageId, 'AVAILABLE');
    expect(await find(jonas, forwardPackage.package.packageId)).toMatchObject({
      ...{ note: 'for Jonas', fileCount: 1, sender: { name: mina.username } },
    });
    expect(await find(tomas, packageId)).toMatchObject({ note: 'for Mina', recipients: [{ name: mina.username }] });

    const again = await run('forwardPackage', mina, {
      packageId,
      title: 'Again',
      recipients: [{ name: jonas.username }],
    });
    expect(again.package.title).toBe('Again');
  });

  it('is not forwarded to nobody, by somebody who does not see it, or before it is available', async () => {
    const { tomas, mina, jonas } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const forward = (person: Person, more: object = {}) =>
      run('forwardPackage', person, { packageId, recipients: [{ name: jonas.username }], ...more });
    expect(await forward(mina)).toMatchObject({
      ...{ __typename: 'ConflictError', message: expect.stringContaining('not been released') },
    });
    expect(await forward(jonas)).toMatchObject({ __typename: 'NotFoundError' });
    expect(await forward(mina, { recipients: [] })).toMatchObject({ __typename: 'InvalidInputError' });
    expect(await forward(mina, { title: '  ' })).toMatchObject({ __typename: 'InvalidInputError' });
    expect(await forward(mina, { recipients: [{ name: 'example' }] })).toMatchObject({
      __typename: 'AmbiguousRecipientError',
    });
  });

  it('that is withheld is released by its sender', async () => {
    const { tomas, mina } = people;
    const packageId = await fill(tomas, mina, { release_policy: 'later' });
    await becomes(tomas, packageId, 'PROCESSING');
    expect(await find(mina, packageId)).toBeNull();
    const { package: pkg } = await run('updatePackage', tomas, { packageId, releasePolicy: 'NOW' });
    expect(pkg.releasePolicy).toBe('NOW');
    await becomes(mina, packageId, 'AVAILABLE');
    expect(await run('updatePackage', tomas, { packageId, releasePolicy: 'LATER' })).toMatchObject({
      ...{ __typename: 'ConflictError', message: expect.stringContaining('already been released') },
    });
  });

  it('is given a date of release and of its end, and loses the end again', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const [releaseAt, expiresAt] = [1, 2].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
    const dated = await run('updatePackage', tomas, { packageId, releaseAt, expiresAt });
    expect(dated.package).toMatchObject({
      ...{ releasePolicy: 'ON_DATE', releasedAt: releaseAt, expiresAt },
      expirationPolicy: 'DELETE_AFTER_EXPIRATION_DATE',
    });
    const policy = { packageId, expirationPolicy: 'DELETE_AFTER_ANY_DOWNLOAD' };
    expect((await run('updatePackage', tomas, policy)).package).toMatchObject({
      ...{ expirationPolicy: 'DELETE_AFTER_ANY_DOWNLOAD', expiresAt: null, releasePolicy: 'ON_DATE' },
    });
    await run('updatePackage', tomas, { packageId, expiresAt });
    expect((await run('updatePackage', tomas, { packageId, expiresAt: null })).package).toMatchObject({
      ...{ expirationPolicy: 'NONE', expiresAt: null },
    });
  });

  it('is not changed without a change, by contradictions, or by anybody else', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const update = async (person: Person, input: object) =>
      (await run('updatePackage', person, { packageId, ...input })).__typename;
    expect(await update(tomas, {})).toBe('InvalidInputError');
    expect(await update(tomas, { releasePolicy: 'ON_DATE' })).toBe('InvalidInputError');
    expect(await update(tomas, { expirationPolicy: 'DELETE_AFTER_EXPIRATION_DATE', expiresAt: null })).toBe(
      'InvalidInputError',
    );
    expect(await update(tomas, { expiresAt: '2001-01-01T00:00:00Z' })).toBe('InvalidInputError');
    expect(await update(mina, { releasePolicy: 'LATER' })).toBe('NotAllowedError');
    expect(await find(tomas, packageId)).toMatchObject({ releasePolicy: 'NOW', expirationPolicy: 'NONE' });
  });

  it('is put away by each for themselves', async () => {
    const { tomas, mina } = people;
    const packageId = await tomas.faspex.send(mina.username);
    const archive = (person: Person, direction: string) => run('archivePackage', person, { packageId, direction });
    expect((await archive(mina, 'RECEIVED')).package).toMatchObject({ packageId, archived: true });
    expect(await find(tomas, packageId)).toMatchObject({ archived: false });
    expect((await archive(tomas, 'SENT')).package).toMatchObject({ packageId, archived: true });
    expect(await archive(mina, 'SENT')).toMatchObject({ __typename: 'NotAllowedError' });
    expect(await archive(people.jonas, 'RECEIVED')).toMatchObject({ __typename: 'NotAllowedError' });
  });

  it('is put away with what came through a workgroup, when asked for', async () => {
    const { ava, mina } = people;
    const packageId = await ava.faspex.send(mina.username, {
      recipients: [{ name: 'Editorial', recipient_type: 'workgroup' }],
    });
    const archive = (input: object) => run('archivePackage', mina, { packageId, direction: 'RECEIVED', ...input });
    expect(await archive({})).toMatchObject({ __typename: 'NotAllowedError' });
    expect(await find(mina, packageId)).toMatchObject({ archived: false });
    expect(await archive({ fromGroups: true })).toMatchObject({ package: { packageId, archived: true } });
    expect(await archive({ fromGroups: true, direction: 'SENT' })).toMatchObject({ __typename: 'InvalidInputError' });
  });
});

describe('packages', () => {
  it('are deleted one by one, and each says how it fared', async () => {
    const { tomas, mina, stack } = people;
    const [first = '', second = '', foreign = ''] = [
      await tomas.faspex.send(mina.username),
      await tomas.faspex.send(mina.username),
      await mina.faspex.send(people.jonas.username),
    ];
    stack.simulators.faspex.requests.clear();
    const packageIds = [second, foreign, '../packages', first, second];
    const { results } = await run('deletePackages', tomas, { packageIds });
    expect(results).toMatchObject([
      { packageId: second, ok: true, error: null },
      { packageId: foreign, ok: false, error: { __typename: 'NotAllowedError', source: 'packages' } },
      { packageId: '../packages', ok: false, error: { __typename: 'InvalidInputError' } },
      { packageId: first, ok: true, error: null },
    ]);
    expect(stack.simulators.faspex.requests.count('DELETE')).toBe(3);
    await becomes(tomas, first, 'DELETED');
    expect(await find(mina, foreign)).toMatchObject({ status: 'STARTING' });
  });

  it('that the server fails to delete say so, and whether it is worth another try', async () => {
    const { tomas, mina, stack } = people;
    const packageIds = [await tomas.faspex.send(mina.username), await tomas.faspex.send(mina.username)];
    stack.simulators.faspex.faults.add({ kind: 'status', status: 503, path: `/packages/${packageIds[0]}` });
    const { results } = await run('deletePackages', tomas, { packageIds });
    expect(results).toMatchObject([
      { ok: false, error: { __typename: 'SourceFailedError', code: 'SOURCE_UNAVAILABLE', retryable: true } },
      { ok: true, error: null },
    ]);
  });

  it('are refused when none or too many are named', async () => {
    expect(await run('deletePackages', people.tomas, { packageIds: [] })).toMatchObject({
      __typename: 'InvalidInputError',
    });
    const packageIds = Array.from({ length: 26 }, (_, index) => String(index + 1));
    people.stack.simulators.faspex.requests.clear();
    expect(await run('deletePackages', people.tomas, { packageIds })).toMatchObject({
      ...{ __typename: 'InvalidInputError', message: expect.stringContaining('At most 25') },
    });
    expect(people.stack.simulators.faspex.requests.count('DELETE')).toBe(0);
  });
});

describe('a viewer without the scope to send', () => {
  it.each(Object.entries(mutations))('may not %s', async (_name, document) => {
    const input = document.includes('deletePackages') ? { packageIds: ['1'] } : undefined;
    const variables = { input: input ?? { packageId: '1', recipients: [], direction: 'SENT' } };
    people.stack.simulators.faspex.requests.clear();
    const answer = await people.stack.reader.send(document, variables);
    expect(answer.data ?? null).toBeNull();
    expect(answer.errors?.[0]?.message).toContain('faspex.send');
    expect(people.stack.simulators.faspex.requests.all()).toEqual([]);
  });
});
