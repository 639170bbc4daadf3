import { connect, type List, PAGE, type ReadList } from './list.ts';
import type { Places } from './servers.ts';

/** The same lists through the graph. */

type Fields = Readonly<Record<string, unknown>>;

interface Connection {
  readonly nodes: readonly (Fields | null)[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Document {
  readonly query: string;
  readonly variables: (places: Places) => object;
  /** Where the list is in the answer. */
  readonly at: readonly string[];
  /** What tells an entry apart. */
  readonly keyOf: (node: Fields) => unknown;
}

const page = 'pageInfo { hasNextPage endCursor }';

const documents: Readonly<Record<List, Document>> = {
  'files by path': {
    query: `query ($path: String!, $first: Int!, $after: String) {
      asperaNode { files(path: $path, first: $first, after: $after) { nodes { path name type sizeBytes modifiedAt } ${page} } }
    }`,
    variables: ({ path }) => ({ path }),
    at: ['asperaNode', 'files'],
    keyOf: ({ path }) => path,
  },
  'files by id': {
    query: `query ($fileId: String!, $first: Int!, $after: String) {
      asperaNode { folder(fileId: $fileId) {
        files(first: $first, after: $after) { nodes { fileId name type sizeBytes modifiedAt } ${page} }
      } }
    }`,
    variables: ({ fileId }) => ({ fileId }),
    at: ['asperaNode', 'folder', 'files'],
    keyOf: ({ fileId }) => fileId,
  },
  records: {
    query: `query ($tableName: String!, $first: Int!, $after: String) {
      faircom { records(tableName: $tableName, first: $first, after: $after) { nodes { values } ${page} } }
    }`,
    variables: ({ tableName }) => ({ tableName }),
    at: ['faircom', 'records'],
    keyOf: ({ values }) => Reflect.get(Object(values), 'id'),
  },
};

function connectionIn(body: unknown, at: readonly string[]): Connection {
  const { data, errors } = body as { readonly data?: unknown; readonly errors?: unknown };
  if (errors !== undefined) throw new Error(`the gateway has answered ${JSON.stringify(errors)}`);
  return at.reduce<unknown>((value, name) => Reflect.get(Object(value), name), data) as Connection;
}

const readBy = ({ query, variables, at, keyOf }: Document): ReadList =>
  async function* read({ places, graphUrl, key }) {
    const { origin, pathname } = new URL(graphUrl);
    const { send, close } = connect(origin);
    const headers = { authorization: `Bearer ${key}` };
    for (let after: string | null = null, hasNext = true; hasNext; ) {
      const json = { query, variables: { ...variables(places), first: PAGE, after } };
      const { body } = await send({ method: 'POST', path: pathname, headers, json });
      const { nodes, pageInfo } = connectionIn(body, at);
      yield nodes.map((node) => String(node && keyOf(node)));
      hasNext = pageInfo.hasNextPage;
      after = pageInfo.endCursor;
    }
    await close();
  };

export const byGraph: Readonly<Record<List, ReadList>> = {
  'files by path': readBy(documents['files by path']),
  'files by id': readBy(documents['files by id']),
  records: readBy(documents.records),
};
