import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type People, type Person, startPeople } from './faspex-people.ts';
import { basics, countSent, run } from './faspex-sending.ts';

let people: People;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stack.stop());
afterEach(() => {
  for (const { faults } of [people.stack.simulators.faspex, ...people.stack.simulators.nodes]) faults.clear();
});

const send = (more: object = {}, person: Person = people.tomas) =>
  run('sendPackage', person, { ...basics(people), ...more });

describe('a package that is sent', () => {
  it('has everything that its sender said, and a spec that names its paths', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { package: pkg, spec } = await send({
      ...{ note: 'Please check.', metadata: { Project: 'Atlas', Extra: [1, { deep: true }] }, encryptAtRest: true },
      ...{ downloadLimit: 3, releasePolicy: 'LATER', expiresAt, preventHttpDownload: true },
      paths: ['/a.mov', '/Köln/b.mov'],
      privateRecipients: [{ name: people.jonas.username }],
    });
    expect(pkg).toMatchObject({
      ...{ title: 'Rushes', status: 'STARTING', note: 'Please check.', downloadLimit: 3 },
      ...{ metadata: { Project: 'Atlas', Extra: [1, { deep: true }] }, releasePolicy: 'LATER' },
      expirationPolicy: 'DELETE_AFTER_EXPIRATION_DATE',
      expiresAt,
    });
    expect(spec.json).toMatchObject({ direction: 'send', paths: [{ source: '/a.mov' }, { source: '/Köln/b.mov' }] });
    const { json } = await people.ava.faspex.get(`/packages/${pkg.packageId}`);
    expect(json).toMatchObject({ ear_enabled: true, prevent_http_download: true });
    expect(json.private_recipients).toMatchObject([{ name: people.jonas.username }]);
  });

  it.each([
    ['a blank title', { title: ' \n' }, '`title` is blank.'],
    ['no recipients', { recipients: [] }, '`recipients` is empty'],
    ['a blank recipient', { recipients: [{ name: ' ' }] }, '`name` of a recipient is blank'],
    ['no paths', { paths: [] }, '`paths` is empty'],
    ['a blank path', { paths: ['/a', ''] }, '`paths` has a blank entry, number 2'],
    ['metadata that is a list', { metadata: ['Project'] }, '`metadata` must be an object'],
    ['metadata that is a text', { metadata: '{"Project":"Atlas"}' }, '`metadata` must be an object'],
    ['a limit of no downloads', { downloadLimit: 0 }, '`downloadLimit` must be at least 1'],
    ['a release on no date', { releasePolicy: 'ON_DATE' }, 'needs `releaseAt`'],
    ['a release at once and at a date', { releasePolicy: 'NOW', releaseAt: '2030-01-01T00:00:00Z' }, 'not with NOW'],
    ['an end at no date', { expirationPolicy: 'DELETE_AFTER_EXPIRATION_DATE' }, 'needs `expiresAt`'],
    ['no end, at a date', { expirationPolicy: 'NONE', expiresAt: '2030-01-01T00:00:00Z' }, 'not with NONE'],
  ])('is refused before Faspex is asked for anything: %s', async (_what, input, message) => {
    people.stack.simulators.faspex.requests.clear();
    const result = await send(input);
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_INPUT', retryable: false });
    expect(result.message).toContain(message);
    expect(people.stack.simulators.faspex.requests.all()).toEqual([]);
  });

  it('is refused by Faspex for a date that is over, and nothing is made', async () => {
    const before = await countSent(people.tomas);
    const result = await send({ expiresAt: '2001-01-01T00:00:00Z' });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', source: 'packages' });
    expect(result.message).toContain('future');
    expect(await countSent(people.tomas)).toBe(before);
  });

  it('is refused with advice when its form is not filled in', async () => {
    const toPress = { recipients: [{ name: 'Press Deliveries', recipientType: 'SHARED_INBOX' }] };
    for (const metadata of [undefined, { Outlet: 'Radio' }, { Outlet: 'Radio', Language: 'Klingon' }]) {
      const result = await send({ ...toPress, metadata });
      expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_INPUT' });
      expect(result.message).toMatch(/metadata field \w+ .*Give the fields of the form in `metadata`/);
    }
    const { package: pkg } = await send({ ...toPress, metadata: { Outlet: 'Radio', Language: 'Deutsch' } });
    expect(pkg.recipients).toEqual([{ name: 'Press Deliveries', recipientType: 'SHARED_INBOX' }]);
  });

  it('is refused with advice when a recipient requires encryption, or does not allow it', async () => {
    const json = { status: 'Bad Request', code: '1073', message: 'The encryption value given does not match.' };
    const fault = { kind: 'status', status: 400, json, method: 'POST', path: '/packages', times: 1 } as const;
    people.stack.simulators.faspex.faults.add(fault);
    expect((await send()).message).toMatch(/does not match\. .* set `encryptAtRest: true`/);
    people.stack.simulators.faspex.faults.add(fault);
    expect((await send({ encryptAtRest: true })).message).toMatch(/leave out `encryptAtRest`/);
  });

  it('is not made when the sender may not send it so', async () => {
    const group = { recipients: [{ name: 'Editorial', recipientType: 'WORKGROUP' }] };
    const result = await send(group);
    expect(result).toMatchObject({ __typename: 'InvalidInputError' });
    expect(result.message).toContain('`contacts` lists who can be sent to');
  });
});

describe('a recipient', () => {
  const recipientsOf = async (recipients: readonly object[], person: Person = people.ava) => {
    const result = await send({ recipients }, person);
    return result.package?.recipients.map(({ name, recipientType }) => `${recipientType} ${name}`) ?? result;
  };

  it('is found by exact name, whatever the case, by e-mail address, and as a group', async () => {
    expect(await recipientsOf([{ name: 'MINA.okafor ' }])).toEqual(['USER mina.okafor']);
    expect(await recipientsOf([{ name: 'Jonas.Weber@example.com' }])).toEqual(['USER jonas.weber']);
    expect(await recipientsOf([{ name: 'editorial' }])).toEqual(['WORKGROUP Editorial']);
    expect(await recipientsOf([{ name: 'rosa@lehmann-post.example' }])).toEqual(['USER rosa@lehmann-post.example']);
    expect(await recipientsOf([{ name: 'Post-production' }])).toEqual(['USER mina.okafor', 'USER jonas.weber']);
  });

  it('that is only like a name is never sent to: the candidates are told', async () => {
    const before = await countSent(people.ava);
    const result = await send({ recipients: [{ name: 'example.com' }] }, people.ava);
    expect(result).toMatchObject({
      __typename: 'AmbiguousRecipientError',
      code: 'AMBIGUOUS_RECIPIENT',
      source: 'packages',
    });
    expect(result.candidates).toContainEqual({
      ...{ name: 'mina.okafor', recipientType: 'USER', email: 'mina.okafor@example.com' },
    });
    expect((await send({ recipients: [{ name: 'mina' }] }, people.ava)).candidates).toHaveLength(1);
    expect(await countSent(people.ava)).toBe(before);
  });

  it('whose name is that of several contacts is told apart by type', async () => {
    const { json } = await people.ava.faspex.get<{ contacts: object[] }>('/contacts?q=editorial');
    const contacts = [...json.contacts, { id: '77', name: 'Editorial', type: 'distribution_list' }];
    const fault = { kind: 'status', status: 200, json: { ...json, contacts }, path: '/contacts', times: 1 } as const;
    people.stack.simulators.faspex.faults.add(fault);
    const result = await send({ recipients: [{ name: 'Editorial' }] }, people.ava);
    expect(result.candidates.map(({ recipientType }) => recipientType)).toEqual(['WORKGROUP', 'DISTRIBUTION_LIST']);
    expect(await recipientsOf([{ name: 'Editorial', recipientType: 'WORKGROUP' }])).toEqual(['WORKGROUP Editorial']);
  });

  it('that nobody knows is not found, and goes out as it is when its type is said', async () => {
    const name = 'new.person@elsewhere.example';
    expect(await send({ recipients: [{ name }] })).toMatchObject({
      ...{ __typename: 'NotFoundError', code: 'NOT_FOUND' },
      message: expect.stringContaining('give `recipientType`'),
    });
    expect(await recipientsOf([{ name, recipientType: 'EXTERNAL_USER' }])).toEqual([`USER ${name}`]);
    expect(await send({ recipients: [{ name: 'nobody', recipientType: 'USER' }] })).toMatchObject({
      ...{ __typename: 'InvalidInputError', message: expect.stringContaining('Check `name` and `recipientType`') },
    });
  });

  it('that is named twice gets one package, and is looked up once', async () => {
    people.stack.simulators.faspex.requests.clear();
    const twice = [{ name: 'mina.okafor' }, { name: 'mina.okafor' }, { name: 'mina.okafor', recipientType: 'USER' }];
    expect(await recipientsOf(twice)).toEqual(['USER mina.okafor']);
    expect(people.stack.simulators.faspex.requests.count('GET', '/contacts')).toBe(1);
  });

  it('is not both private and open', async () => {
    const result = await send({ privateRecipients: [{ name: people.mina.username }] });
    expect(result).toMatchObject({ __typename: 'InvalidInputError' });
    expect(result.message).toContain('"mina.okafor" is in `recipients` and in `privateRecipients`');
  });

  it('is looked up with others six at a time', async () => {
    const { faults, requests } = people.stack.simulators.faspex;
    faults.add({ kind: 'latency', milliseconds: 30, path: '/contacts' });
    requests.clear();
    const recipients = Array.from({ length: 15 }, (_, index) => ({ name: caseVariant('mina.okafor', index) }));
    let isOver = false;
    const sending = recipientsOf(recipients).finally(() => {
      isOver = true;
    });
    let most = 0;
    while (!isOver) {
      most = Math.max(most, requests.all().filter(({ status }) => status === undefined).length);
      await setImmediate();
    }
    expect(await sending).toEqual(['USER mina.okafor']);
    expect(requests.count('GET', '/contacts')).toBe(15);
    expect(most).toBe(6);
  });

  it('is one of too many when they need more requests than an operation may make', async () => {
    const before = await countSent(people.tomas);
    const recipients = Array.from({ length: 100 }, (_, index) => ({ name: caseVariant('mina.okafor', index) }));
    const refused = await send({ recipients });
    expect(refused).toMatchObject({ __typename: 'InvalidInputError', code: 'REQUEST_LIMIT' });
    expect(await countSent(people.tomas)).toBe(before);
  });
});

/** The same name to Faspex, which ignores case, and another one to who compares texts. */
function caseVariant(name: string, bits: number): string {
  const letters = [...name].filter((letter) => letter !== '.');
  const upper = new Set(letters.flatMap((_letter, index) => (bits & (1 << index) ? index : [])));
  let index = -1;
  return name.replace(/[a-z]/g, (letter) => {
    index += 1;
    return upper.has(index) ? letter.toUpperCase() : letter;
  });
}
