import { defineConfig } from '@graphql-hive/gateway';
import { folderOf } from '../plain/answers.ts';

/** The part of what Mesh offers to resolvers that is used here. */
interface NodeCalls {
  readonly Node: {
    readonly Query: {
      filesInfo(options: object): Promise<unknown>;
    };
  };
}

interface Folders {
  readonly title: string;
  readonly package_uuid: string;
}

/** The folders of one operation are one call. */
const folder = {
  selectionSet: '{ title package_uuid }',
  resolve: (pkg: Folders, _args: unknown, context: NodeCalls, info: unknown) =>
    context.Node.Query.filesInfo({
      ...{ root: pkg, context, info },
      key: folderOf(pkg),
      argsFromKeys: (paths: readonly string[]) => ({ input: { paths: paths.map((path) => ({ path })) } }),
      valuesFromResults: ({ paths }: { paths: readonly unknown[] }) => paths,
      selectionSet: (fields: unknown) => ({
        kind: 'SelectionSet',
        selections: [{ kind: 'Field', name: { kind: 'Name', value: 'paths' }, selectionSet: fields }],
      }),
    }),
};

/** Everything is off that a bare answer does not need. */
export const gatewayConfig = defineConfig({
  additionalResolvers: { Package: { folder } },
  maskedErrors: false,
  graphiql: false,
  landingPage: false,
  logging: false,
});
