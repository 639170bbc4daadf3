import type { Pool } from '../../helpers/operations/pool.ts';
import type { Runner } from './runners.ts';

const connection = (fields: string) => `{ nodes { ${fields} } pageInfo { endCursor } }`;

/** Questions whose answers hold the ids, paths and names of what there is. */
const questions: readonly string[] = [
  `{ faspex {
    packages(first: 12) ${connection('id packageId title vendorStatus recipients { name }')}
    contacts(first: 5) ${connection('contactId name')}
    workgroups(first: 5) ${connection('groupId name')}
    sharedInboxes(first: 5) ${connection('groupId name')}
    metadataProfiles(first: 3) ${connection('profileId name')}
    sharedFolders(first: 3) ${connection('name')}
  } }`,
  ...['london', 'tokyo'].map(
    (source) => `{ asperaNode(source: "${source}") {
      files(first: 8) ${connection('id path name')}
      search(first: 12) ${connection('id path name')}
      transfers(first: 12) ${connection('id transferId')}
      folder { fileId files(first: 6) ${connection('fileId')} }
      watchFolders { watchFolderId }
      syncJobs { syncJobId }
    } }`,
  ),
  `{ faircom {
    databases(first: 5) { nodes { databaseName tables(first: 6) { nodes {
      tableName databaseName ownerName fields { name } indexes { indexName fields { name } }
      records(first: 4) ${connection('id recordId key')} } } } }
  } }`,
];

type Values = Map<string, Set<unknown>>;

/** Members of answers, and the arguments that take them. */
const takenBy: Readonly<Record<string, readonly string[]>> = {
  endCursor: ['after'],
  id: ['id', 'ids'],
  name: ['name', 'search', 'field'],
  databaseName: ['databaseName', 'FairCom.database.name'],
  indexName: ['index'],
  contactId: ['userId'],
};

function note(values: Values, member: string, value: unknown): void {
  // Keys of records are objects of any shape.
  if (typeof value !== 'string' && member !== 'key') return;
  for (const name of takenBy[member] ?? [member]) values.set(name, (values.get(name) ?? new Set()).add(value));
}

function collect(answer: unknown, values: Values): void {
  if (typeof answer !== 'object' || answer === null) return;
  const isList = Array.isArray(answer);
  for (const [member, value] of Object.entries(answer)) {
    if (!isList) note(values, member, value);
    collect(value, values);
  }
}

const spec = {
  direction: 'send',
  remote_host: 'node.example.com',
  remote_user: 'xfer',
  ssh_port: 33_001,
  fasp_port: 33_001,
  target_rate_kbps: 45_000,
  paths: [{ source: '/a.mov', destination: 'b.mov' }],
  tags: { aspera: { xfer_id: 'a' } },
};

/** What is the same in every world of the demo. */
const fixed: Pool = {
  'Query.faspex.source': ['packages'],
  'Query.asperaNode.source': ['london', 'tokyo'],
  'Query.faircom.source': ['records'],
  'Query.transferd.source': ['workstation'],
  node: ['london', 'tokyo'],
  first: [3, 2, 1, 5, 0, 12, 30, 400, null],
  'Query.recentTransfers.first': [3, 8, 20, 60],
  'Query.recentPackages.first': [3, 8, 20, 60],
  'TransferSpecInput.json': [spec, {}, { ...spec, direction: 'up' }],
  'Query.validateTransferSpec.spec': [spec, { ...spec, direction: 'up' }, {}, 'text', { ...spec, token: 'none' }],
  '__Type.fields.includeDeprecated': [true, false],
  'Query.__type.name': ['FaspexPackage', 'Transfer', 'RecordFilterInput', 'Mailbox', 'Nothing'],
};

/** Makes the pool of a world by asking it. @throws Error when an answer shows that the world is not as it should be */
export async function poolOf(run: Runner, key: string): Promise<Pool> {
  const values: Values = new Map();
  for (const query of questions) {
    const answer = await run({ query, variables: {}, operationName: undefined }, key);
    if (!answer.data) throw new Error(`no pool without data: ${JSON.stringify(answer.errors)}`);
    collect(answer.data, values);
  }
  // Ids in a list are drawn one by one, and now and then something that is not there.
  const found = [...values].map(([name, known]) => [name, [...known, 'nothing of this name']] as const);
  return { ...Object.fromEntries(found.filter(([, known]) => known.length > 1)), ...fixed };
}
