import { afterAll, beforeAll, expect, it } from 'vitest';
import { FAILURE, type Failure, type People, startPeople } from './faspex-people.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople({ seed: true });
}, 60_000);
afterAll(() => people.stack.stop());

it('the first viewer of the demo sees fifty packages without any other argument', async () => {
  const { faspex } = await people.stack.everything.data<{
    faspex: { packages: { nodes: { packageId: string; title: string }[]; totalCount: number } };
  }>('{ faspex { packages(first: 50) { nodes { packageId title status } totalCount } } }');
  expect(faspex.packages.nodes).toHaveLength(50);
  expect(faspex.packages.totalCount).toBeGreaterThan(50);
  expect(new Set(faspex.packages.nodes.map(({ packageId }) => packageId)).size).toBe(50);
});

it('the second viewer of the demo sees their own few', async () => {
  const { faspex } = await people.stack.reader.data<{ faspex: { packages: { totalCount: number } } }>(
    '{ faspex { packages(first: 50) { totalCount } } }',
  );
  expect(faspex.packages.totalCount).toBeGreaterThan(0);
  expect(faspex.packages.totalCount).toBeLessThan(20);
});

it('a package to an inbox that requires encryption is refused until it is encrypted', async () => {
  const send = async (more: object = {}) => {
    const recipients = [{ name: 'Legal Intake' }];
    const input = { title: 'Contracts', recipients, sharedFolderId: '1', paths: ['/stills'], ...more };
    const { result } = await people.ava.data<{ result: Failure & { package: { encryptedAtRest: boolean } } }>(
      `mutation ($input: SendPackageFromSharedFolderInput!) { result: sendPackageFromSharedFolder(input: $input) {
        ... on SendPackageFromSharedFolderSuccess { package { encryptedAtRest } } ${FAILURE} } }`,
      { input },
    );
    return result;
  };
  expect(await send()).toMatchObject({
    ...{ __typename: 'InvalidInputError', message: expect.stringContaining('set `encryptAtRest: true`') },
  });
  expect((await send({ encryptAtRest: true })).package).toEqual({ encryptedAtRest: true });
});
