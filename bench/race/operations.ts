import { PAGE_SIZE } from './canned-packages.ts';

/** What is asked in the race. Cursors are left out: what they hold is each server's own. */
export type Workload = 'list' | 'point';

export interface Operation {
  readonly operationName: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const packageFields = `
        id packageId title note status createdAt sizeBytes fileCount
        sender { userId name email }
        recipients { recipientId recipientType name email }`;

const listQuery = `query List {
  faspex {
    packages(first: ${PAGE_SIZE}) {
      edges { node {${packageFields}
        folder { id path name type sizeBytes modifiedAt }
      } }
      pageInfo { hasNextPage }
      totalCount
    }
  }
}`;

const pointQuery = `query Point($id: String!) {
  faspex {
    package(packageId: $id) {${packageFields}
    }
  }
}`;

/** How a server is asked for the two things. */
export interface Dialect {
  readonly list: Operation;
  point(packageId: string): Operation;
}

const ours: Dialect = {
  list: { operationName: 'List', query: listQuery, variables: {} },
  point: (packageId) => ({ operationName: 'Point', query: pointQuery, variables: { id: packageId } }),
};

const generatedFields = `
      id title note status created_time total_bytes total_files
      sender { id name email }
      recipients { id recipient_type name email }`;

const generatedListQuery = `query List {
  listPackages(limit: ${PAGE_SIZE}, offset: 0) {
    packages {${generatedFields}
      folder { path basename type size mtime }
    }
    total_count
  }
}`;

const generatedPointQuery = `query Point($id: String!) {
  getPackage(packageId: $id) {${generatedFields}
  }
}`;

/** For a graph that was generated: its words are the vendor's. */
const generated: Dialect = {
  list: { operationName: 'List', query: generatedListQuery, variables: {} },
  point: (packageId) => ({ operationName: 'Point', query: generatedPointQuery, variables: { id: packageId } }),
};

export const dialects = { ours, generated } as const;
export type DialectName = keyof typeof dialects;
