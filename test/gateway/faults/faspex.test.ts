import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../helpers/start-stack.ts';
import { describeFaults, prepareFaults } from './fault-table.ts';

let stack: Stack;
let draftId: string;
beforeAll(async () => {
  stack = await startStack({ configure: prepareFaults });
  const { result } = await stack.everything.data<{ result: { package: { packageId: string } } }>(
    `mutation { ${sending()} }`,
  );
  draftId = result.package.packageId;
});
afterAll(() => stack?.stop());

const simulator = () => stack.simulators.faspex;

const failure = '... on Error { code message retryable }';
const sending = (
  source = 'packages',
) => `result: sendPackage(input: { source: "${source}", title: "Faults", recipients: [{ name: "jonas.weber", recipientType: USER }], paths: ["/a"] }) {
  ... on SendPackageSuccess { package { packageId } } ${failure} }`;

describeFaults({
  source: 'packages',
  ask: (operation) => stack.everything.send(operation),
  faults: () => simulator().faults,
  reset: () => simulator().requests.clear(),
  healthy: 'asperaNode(source: "london") { info { version } }',
  reads: [
    {
      name: 'a list of packages',
      selection: (source) => `faspex(source: "${source}") { packages { totalCount nodes { title } } }`,
      path: ['faspex', 'packages'],
    },
    {
      name: 'one package',
      selection: (source) => `faspex(source: "${source}") { package(packageId: "${draftId}") { title } }`,
      path: ['faspex', 'package'],
    },
  ],
  writes: [
    {
      name: 'a new package',
      selection: sending,
      hits: { method: 'POST', path: '/packages' },
      sent: () =>
        simulator()
          .requests.all()
          .filter(({ path }) => path.endsWith('/packages')).length,
    },
    {
      name: 'a transfer spec for a draft',
      selection: (
        source,
      ) => `result: authorizePackageUpload(input: { source: "${source}", packageId: "${draftId}", paths: ["/a"] }) {
        ... on AuthorizePackageUploadSuccess { spec { remoteHost } } ${failure} }`,
      hits: { path: '/transfer_spec/upload' },
      sent: () => simulator().requests.count('POST', '/transfer_spec/upload'),
    },
  ],
});

const packages = '{ faspex(source: "packages") { packages { totalCount } } }';

describe('Faspex', () => {
  it('is asked again with a new token when the old one has expired', async () => {
    await stack.everything.data(packages);
    await simulator().switches.expireTokens?.({});
    simulator().requests.clear();
    await stack.everything.data(packages);
    expect(
      simulator()
        .requests.all()
        .map(({ status }) => status),
    ).toEqual([401, 201, 200]);
  });

  it('is asked with a new token also for a change, which is carried out once', async () => {
    await simulator().switches.expireTokens?.({});
    simulator().requests.clear();
    expect(await stack.everything.data(`mutation { ${sending()} }`)).toMatchObject({ result: { package: {} } });
    const made = simulator()
      .requests.all()
      .filter(({ path }) => path.endsWith('/packages'));
    expect(made.map(({ status }) => status)).toEqual([401, 201]);
  });

  it('that refuses every token is an error, not an empty mailbox', async () => {
    simulator().faults.add({ kind: 'status', status: 401, path: '/packages' });
    const { data, errors } = await stack.everything.send(packages);
    simulator().faults.clear();
    expect(data).toEqual({ faspex: { packages: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'SOURCE_UNAUTHENTICATED', source: 'packages' } }]);
  });

  it('that gives no token says so, and a failing token request is no refusal', async () => {
    await simulator().switches.expireTokens?.({});
    simulator().faults.add({ kind: 'status', status: 503, path: '/auth/token' });
    expect((await stack.everything.send(packages)).errors).toMatchObject([
      { extensions: { code: 'SOURCE_UNAVAILABLE', retryable: true } },
    ]);
    simulator().faults.clear();
    await stack.everything.data(packages);
  });

  it('goes on after a restart, without an error', async () => {
    await stack.everything.data(packages);
    await simulator().restart();
    await stack.everything.data(packages);
  });

  it('that fails when the package has been made leaves the caller its draft', async () => {
    simulator().faults.add({ kind: 'dropAfter', path: '/transfer_spec/upload' });
    simulator().requests.clear();
    const { result } = await stack.everything.data<{ result: { code: string; draft: { packageId: string } } }>(
      `mutation { ${sending().replace('... on Error', '... on DraftLeftError { draft { packageId } } ... on Error')} }`,
    );
    simulator().faults.clear();
    expect(result).toMatchObject({ code: 'DRAFT_LEFT', retryable: true, draft: { packageId: expect.any(String) } });
    expect(simulator().requests.count('POST', '/transfer_spec/upload')).toBe(1);
  });

  it('whose fields fail one by one gives those that work', async () => {
    simulator().faults.add({ kind: 'wrongJson', path: '/account', times: 1 });
    const { data, errors } = await stack.everything.send(
      '{ faspex(source: "packages") { account { name } packages { totalCount } } }',
    );
    simulator().faults.clear();
    expect(data).toMatchObject({ faspex: { account: null, packages: { totalCount: expect.any(Number) } } });
    expect(errors).toHaveLength(1);
  });
});
