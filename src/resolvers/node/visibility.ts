import type { BoundNode, OperationContext } from '../../context/context.ts';
import { SubjectRefused } from '../../identity/subject.ts';
import { marksOf } from '../../progress/transfer-marks.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { SourceError } from '../../transport/source-error.ts';
import { type FaspexPackageNode, isHidden, toPackageNode } from '../faspex/package.ts';

/** How the tags of a transfer name its package. */
export interface PackageTag {
  readonly packageId: string;
  readonly uuid: string;
}

/** The tag that every transfer of a package has, as the filter of a node spells it (aspera-node-api.md §5.2). */
export const PACKAGE_TAG = 'aspera.faspex.metadata._pkg_uuid';

/**
 * The package that Faspex names in the tags of its transfers (aspera-apps-api.md §5.5). Whoever starts a transfer can
 * write tags: what cannot be an id of Faspex names no package.
 */
export function packageTagOf(tags: JsonObject): PackageTag | undefined {
  const aspera = isJsonObject(tags.aspera) ? tags.aspera : {};
  const faspex = isJsonObject(aspera.faspex) ? aspera.faspex : {};
  const metadata = isJsonObject(faspex.metadata) ? faspex.metadata : {};
  const { _pkg_uuid: uuid } = metadata;
  const { _pkg_id: id } = faspex;
  if (typeof uuid !== 'string' || !/^\d+$/.test(String(id))) return undefined;
  return { packageId: String(id), uuid };
}

/**
 * Whether Faspex does not show it, or does not know the viewer: then it is not theirs to read. A token of their own that
 * it refuses is no such thing: with another one they may read it, so they are told.
 */
function isNotTheirs(error: unknown, actAs: 'service' | 'viewer' | 'forward'): boolean {
  if (isHidden(error) || error instanceof SubjectRefused) return true;
  return actAs === 'viewer' && error instanceof SourceError && error.code === 'SOURCE_UNAUTHENTICATED';
}

/** The package, if the viewer may read it on any Faspex server: ids repeat between servers, UUIDs do not. */
export async function findPackage(
  context: OperationContext,
  { packageId, uuid }: PackageTag,
): Promise<FaspexPackageNode | null> {
  if (!context.viewer.scopes.has('faspex.read')) return null;
  for (const { name, config } of context.sources.faspex.all) {
    try {
      const found = await context.faspex(name).loaders.package.load(packageId);
      if (found.uuid === uuid) return toPackageNode(name, found);
    } catch (error) {
      if (!isNotTheirs(error, config.actAs)) throw error;
    }
  }
  return null;
}

/** Whether the viewer sees every transfer that the node shows: because the node itself knows them, or all may. */
export function seesEverything({ viewer }: Pick<OperationContext, 'viewer'>, { source }: Pick<BoundNode, 'source'>) {
  const { actAs, visibility } = source.config;
  return actAs !== 'service' || (visibility === 'all' && viewer.scopes.has('transfer.all'));
}

/** What can be said of a transfer without asking anybody. ASK: it is that of a package that they may be able to read. */
export function judgeTransfer(
  context: OperationContext,
  node: BoundNode,
  transfer: NodeTransfer,
): 'VISIBLE' | 'HIDDEN' | 'ASK' {
  const marks = marksOf(transfer);
  if (seesEverything(context, node) || context.ownership.owns(context.viewer.id, marks)) return 'VISIBLE';
  const mayRead = context.viewer.scopes.has('faspex.read') && context.sources.faspex.all.length > 0;
  return mayRead && packageTagOf(marks) ? 'ASK' : 'HIDDEN';
}

/**
 * Whether the viewer may see a transfer. Where the node itself knows the viewer (actAs: viewer, forward) it has decided. With a
 * shared credential the viewer sees what was started or authorized for them through a gateway with the same key, and
 * the transfers of packages that they can read.
 */
export async function canSeeTransfer(
  context: OperationContext,
  node: BoundNode,
  transfer: NodeTransfer,
): Promise<boolean> {
  const judgement = judgeTransfer(context, node, transfer);
  if (judgement !== 'ASK') return judgement === 'VISIBLE';
  const tag = packageTagOf(marksOf(transfer));
  return tag !== undefined && (await findPackage(context, tag)) !== null;
}
