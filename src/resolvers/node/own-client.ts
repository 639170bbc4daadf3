import type { BoundNode, OperationContext } from '../../context/context.ts';
import { isJsonObject, type TransferSpec } from '../../transfer-spec/transfer-spec.ts';
import { InvalidInputError } from '../errors.ts';

type NodeConfig = BoundNode['source']['config'];

/**
 * Whose credential a source calls its node with: two of one node with different ones are not the same party. Of the
 * callers' own tokens nothing is known but where they come from.
 */
const accountOf = ({ actAs, tokenHeader, nodeUser, accessKey }: NodeConfig) =>
  actAs === 'forward' ? `the token in ${tokenHeader}` : (nodeUser?.username ?? accessKey?.id);

/** The access key that a source calls its node with, if that is known. */
const ownKeyOf = ({ actAs, tokenAccessKey, accessKey }: NodeConfig) =>
  actAs === 'forward' ? tokenAccessKey : accessKey?.id;

/** Whether two sources are one party of a transfer: the same node with the same credential. */
export const isSameParty = (one: NodeConfig, other: NodeConfig): boolean =>
  one.url === other.url && accountOf(one) === accountOf(other);

/** The access key that a Basic or bearer token is of (aspera-node-api.md §1.4). */
function accessKeyOf({ token = '', authorizationKind, tags }: TransferSpec): string | undefined {
  if (authorizationKind === 'BASIC') {
    const [id] = Buffer.from(token.slice('Basic '.length), 'base64').toString('utf8').split(':');
    return id;
  }
  if (authorizationKind !== 'BEARER' || !isJsonObject(tags.aspera) || !isJsonObject(tags.aspera.node)) return undefined;
  const { access_key: id } = tags.aspera.node;
  return typeof id === 'string' ? id : undefined;
}

const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Whether nothing else that is configured has the host name, so that it alone tells which server is meant. */
function isOnlyOneAt(host: string, { url }: NodeConfig, { sources }: OperationContext): boolean {
  const all = [...sources.node.all, ...sources.faspex.all];
  return all.every((source) => source.url === url || hostOf(source.url) !== host);
}

/** Whether the spec leads back to the node: by the address of specs that it made, or by its name. */
function leadsTo(node: BoundNode, spec: TransferSpec, context: OperationContext): boolean {
  const { config } = node.source;
  const makers = context.specMakers.atAddressOf(spec);
  if (makers.some((name) => context.sources.node.find(name)?.config.url === config.url)) return true;
  const [host, own] = [spec.remoteHost.toLowerCase(), hostOf(config.url)];
  if (isLoopback(host) && !isLoopback(own)) return true;
  return host === own && isOnlyOneAt(host, config, context);
}

function isOwnClient(node: BoundNode, spec: TransferSpec, context: OperationContext): boolean {
  const { config } = node.source;
  // Faspex keeps packages on nodes that may be sent from as well; it authorizes with a user of its own.
  if (isJsonObject(spec.tags.aspera) && spec.tags.aspera.faspex !== undefined) return false;
  const maker = context.specMakers.ofToken(spec);
  const madeBy = maker === undefined ? undefined : context.sources.node.find(maker)?.config;
  if (madeBy && spec.authorizationKind === 'TRANSFER_TOKEN') return isSameParty(madeBy, config);
  const [key, ownKey] = [accessKeyOf(spec), ownKeyOf(config)];
  if (key !== undefined && ownKey !== undefined && key !== ownKey) return false;
  return leadsTo(node, spec, context);
}

/**
 * Refuses to make a node its own client, the classic mistake: whoever authorizes a transfer serves it, and another one
 * starts it (aspera-node-api.md §10.1).
 * @throws InvalidInputError
 */
export function demandOtherNode(node: BoundNode, spec: TransferSpec, context: OperationContext): void {
  if (!isOwnClient(node, spec, context)) return;
  const { name } = node.source;
  throw new InvalidInputError(
    `This spec is of ${name} itself: ${name} would be client and server of one transfer, which fails for its user or key. ` +
      'The node that authorizes a transfer serves it; start it on the other node. `transferBetweenNodes` does both.',
    { code: 'BAD_INPUT' },
  );
}
