import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeTransfer, deliverPackage, grant, sendPackage } from './possessions.ts';
import { type PeopleStack, type Person, startPeople } from './viewers.ts';

let people: PeopleStack;
let packageId: string;
beforeAll(async () => {
  people = await startPeople();
  const { ada, bob, simulators } = people;
  const [london] = simulators.nodes;
  if (!london) throw new Error('there is a node');
  await mkdir(join(london.docroot, 'rushes'));
  for (const name of ['one', 'two', 'three']) await writeFile(join(london.docroot, 'rushes', `${name}.mov`), name);
  for (const { email } of [ada, bob]) await grant(london, email, ['list', 'read']);
  const sent = await deliverPackage(bob, { to: ada.email, title: 'Rushes', paths: ['/rushes'] });
  packageId = sent.package.packageId;
  for (const person of [ada, bob]) {
    for (const title of ['One', 'Two']) await sendPackage(people, { to: person.email, title });
    // Two of each, so that every list has a second page.
    for (const source of ['my-london', 'london']) {
      for (const bytes of [10, 11]) await completeTransfer(people, person, { source, bytes });
    }
  }
});
afterAll(() => people?.stop());

interface List {
  readonly name: string;
  /** Asks for one item `$after` a place, with the connection under the name `page`. */
  readonly query: () => string;
}

const page = '{ pageInfo { endCursor hasNextPage } edges { cursor } }';
const asking = (selection: string) => `query ($after: String) { ${selection} }`;

const lists: readonly List[] = [
  {
    name: 'packages',
    query: () => asking(`faspex { page: packages(first: 1, after: $after) ${page} }`),
  },
  {
    name: 'the files of a package that both may see',
    query: () =>
      asking(
        `faspex { package(packageId: "${packageId}") { page: files(first: 1, path: "/rushes", after: $after) ${page} } }`,
      ),
  },
  {
    name: 'contacts',
    query: () => asking(`faspex { page: contacts(first: 1, after: $after) ${page} }`),
  },
  {
    name: 'a folder of a node, in the name of its reader',
    query: () => asking(`asperaNode(source: "my-london") { folder { page: files(first: 1, after: $after) ${page} } }`),
  },
  {
    name: 'the transfers of a node, in the name of their reader',
    query: () => asking(`asperaNode(source: "my-london") { page: transfers(first: 1, after: $after) ${page} }`),
  },
  {
    name: 'one’s own transfers of a node that knows nobody',
    query: () => asking(`asperaNode(source: "london") { page: transfers(first: 1, after: $after) ${page} }`),
  },
];

interface Page {
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

/** The connection under the name `page`, wherever it is. */
function pageIn(data: unknown): Page | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('page' in data) return (data as { page: Page | null }).page ?? undefined;
  return Object.values(data)
    .map(pageIn)
    .find((found) => found !== undefined);
}

describe.each(lists)('a cursor of $name', ({ query }) => {
  const read = async (person: Person, after?: string) => {
    const { data, errors } = await person.ask(query(), { after });
    return { page: pageIn(data), codes: errors?.map(({ extensions }) => extensions?.code) };
  };
  let cursor: string;
  beforeAll(async () => {
    const first = await read(people.ada);
    expect(first.page?.pageInfo.hasNextPage).toBe(true);
    cursor = first.page?.pageInfo.endCursor ?? '';
  });

  it('leads its owner on', async () => {
    const second = await read(people.ada, cursor);
    expect(second.codes).toBeUndefined();
    expect(second.page?.pageInfo.endCursor).not.toBe(cursor);
  });

  it('is refused when anybody else brings it', async () => {
    const his = await read(people.bob);
    expect(his.codes).toBeUndefined();
    expect(his.page?.pageInfo.hasNextPage).toBe(true);
    expect(await read(people.bob, cursor)).toEqual({ page: undefined, codes: ['BAD_CURSOR'] });
  });

  it.each(['', 'nonsense', Buffer.from('[1,"x",{}]').toString('base64url')])(
    'is refused when it is none: "%s"',
    async (after) => {
      expect(await read(people.ada, after)).toEqual({ page: undefined, codes: ['BAD_CURSOR'] });
    },
  );
});

describe('a cursor of one list', () => {
  it('is refused by every other list', async () => {
    const cursors = await Promise.all(
      lists.map(async ({ query }) => pageIn((await people.ada.ask(query())).data)?.pageInfo.endCursor),
    );
    for (const [index, { query }] of lists.entries()) {
      for (const after of cursors.filter((_, other) => other !== index)) {
        const { errors } = await people.ada.ask(query(), { after });
        expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_CURSOR']);
      }
    }
  });
});
