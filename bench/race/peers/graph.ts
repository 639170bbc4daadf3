import DataLoader from 'dataloader';
import { type FolderAnswer, folderOf, type PackageAnswer, toFolder, toPackage } from '../plain/answers.ts';
import type { UpstreamClient } from '../plain/upstream-client.ts';
import type { WirePackage } from '../plain/wire.ts';

/** The part of the gateway's graph that is raced, and resolvers for it by hand, for every framework the same. */

export const typeDefs = /* GraphQL */ `
  scalar DateTime
  scalar SafeInt

  enum PackageStatus { STARTING UPLOADING PAUSED PROCESSING AVAILABLE EXPIRED DELETING DELETED FAILED UNKNOWN }
  enum RecipientType { USER EXTERNAL_USER WORKGROUP SHARED_INBOX DISTRIBUTION_LIST OTHER }
  enum AsperaFileType { FILE DIRECTORY SYMBOLIC_LINK OTHER }

  type Query { faspex(source: String): Faspex! }

  type Faspex {
    packages(first: Int = 20, after: String): FaspexPackageConnection
    package(packageId: String!): FaspexPackage
  }

  type FaspexPackageConnection { edges: [FaspexPackageEdge!]! pageInfo: PageInfo! totalCount: SafeInt }
  type FaspexPackageEdge { node: FaspexPackage }
  type PageInfo { hasNextPage: Boolean! }

  type FaspexPackage {
    id: ID!
    packageId: String!
    title: String!
    note: String
    status: PackageStatus!
    createdAt: DateTime
    sizeBytes: SafeInt
    fileCount: SafeInt
    sender: FaspexPerson
    recipients: [FaspexRecipient!]!
    folder(node: String): AsperaFile
  }

  type FaspexPerson { userId: String name: String email: String }
  type FaspexRecipient { recipientId: String recipientType: RecipientType! name: String email: String }

  type AsperaFile {
    id: ID!
    path: String!
    name: String!
    type: AsperaFileType!
    sizeBytes: SafeInt
    modifiedAt: DateTime
  }
`;

/** What the resolvers of one operation share. */
export interface Context {
  readonly upstream: UpstreamClient;
  readonly token: string;
  /** By path; the folders of one operation are one call. */
  readonly folders: () => DataLoader<string, FolderAnswer | null>;
}

export function createContext(upstream: UpstreamClient, token: string): Context {
  let loader: DataLoader<string, FolderAnswer | null> | undefined;
  return {
    upstream,
    token,
    folders: () => {
      loader ??= new DataLoader(async (paths) => (await upstream.filesInfo(token, paths)).map(toFolder));
      return loader;
    },
  };
}

export interface PackageNode extends PackageAnswer {
  readonly folderPath: string;
}

const toNode = (pkg: WirePackage): PackageNode => ({ ...toPackage(pkg), folderPath: folderOf(pkg) });

async function packages(_parent: unknown, _args: unknown, { upstream, token }: Context) {
  const { packages: found, total_count } = await upstream.listPackages(token);
  return {
    edges: found.map((pkg) => ({ node: toNode(pkg) })),
    pageInfo: { hasNextPage: found.length < total_count },
    totalCount: total_count,
  };
}

const nothing = {};

/** Everything but the folders of packages. */
export const plainResolvers = {
  Query: { faspex: () => nothing },
  Faspex: {
    packages,
    package: async (_parent: unknown, { packageId }: { packageId: string }, { upstream, token }: Context) =>
      toNode(await upstream.package(token, packageId)),
  },
};

export const resolvers = {
  ...plainResolvers,
  FaspexPackage: {
    folder: ({ folderPath }: PackageNode, _args: unknown, { folders }: Context) => folders().load(folderPath),
  },
};
