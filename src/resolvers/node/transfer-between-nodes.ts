import type { OperationContext } from '../../context/context.ts';
import { answering, InvalidInputError } from '../errors.ts';
import { type PathInput, readPaths, type SpecOptionsInput, specOptions } from './authorize.ts';
import { isSameParty } from './own-client.ts';
import { specToStart } from './start-transfer.ts';
import { type NodeTransferNode, toTransferNode } from './transfer.ts';

export interface TransferBetweenNodesInput {
  readonly from: string;
  readonly to: string;
  readonly paths: readonly PathInput[];
  readonly destination: string;
  readonly initiator?: 'SOURCE' | 'DESTINATION' | null | undefined;
  readonly options?: SpecOptionsInput | null | undefined;
}

export interface TransferBetweenNodesResult {
  readonly transfer: NodeTransferNode;
}

const invalid = (message: string) => new InvalidInputError(message, { code: 'BAD_INPUT' });

function check({ from, to, paths }: TransferBetweenNodesInput, context: OperationContext): void {
  if (paths.length === 0) throw invalid('`paths` is empty: name at least one file or folder.');
  const named = paths.filter(({ destination }) => destination != null);
  // A list of pairs cannot be mixed with a plain list (aspera-node-api.md §7.1).
  if (named.length > 0 && named.length < paths.length) {
    throw invalid('Give `destination` for all `paths` or for none of them.');
  }
  const [sending, receiving] = [context.node(from).source, context.node(to).source];
  if (from !== to && !isSameParty(sending.config, receiving.config)) return;
  throw invalid(
    `\`from\` and \`to\` are the same node. A transfer needs two nodes: one authorizes it and serves, the other starts it. ` +
      'Both on one node is the classic mistake: it would be refused for its user or key.',
  );
}

/** The receiving node authorizes an upload, the sending one runs it. */
async function push(input: TransferBetweenNodesInput, context: OperationContext) {
  const paths = readPaths(input.paths);
  const { client, source } = context.node(input.to);
  const spec = await client.authorizeUpload({
    ...specOptions(context, input.options),
    // The token is good for the names under which files arrive; sources are the business of the other node.
    paths,
    destinationRoot: input.destination,
  });
  context.specMakers.note(source.name, spec);
  return { node: context.node(input.from), spec: specToStart({ spec, paths }, context) };
}

/** The sending node authorizes a download, the receiving one runs it with exactly the paths of the spec. */
async function pull(input: TransferBetweenNodesInput, context: OperationContext) {
  const { client, source } = context.node(input.from);
  const authorized = await client.authorizeDownload({
    ...specOptions(context, input.options),
    paths: readPaths(input.paths),
  });
  context.specMakers.note(source.name, authorized);
  const spec = specToStart({ spec: authorized, destination: input.destination }, context);
  return { node: context.node(input.to), spec };
}

/**
 * Moves files from one node to another: authorized where it is served, started where the client is, never both on one
 * node (aspera-node-api.md §10.1). The token does not leave the gateway. Two upstream calls.
 */
export const transferBetweenNodes = answering(
  async (input: TransferBetweenNodesInput, context: OperationContext): Promise<TransferBetweenNodesResult> => {
    check(input, context);
    const { node, spec } = await (input.initiator === 'DESTINATION' ? pull : push)(input, context);
    const transfer = await node.client.startTransfer(spec);
    return { transfer: toTransferNode(node.source.name, transfer) };
  },
);
