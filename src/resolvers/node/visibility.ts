import type { BoundNode, OperationContext } from '../../context/context.ts';
import type { NodeTransfer } from '../../sources/node/types.ts';
import { isJsonObject, type JsonObject } from '../../transfer-spec/transfer-spec.ts';
import { isHidden } from '../faspex/package.ts';

/** The package that Faspex names in the tags of its transfers (aspera-apps-api.md §5.5). */
function packageOf(tags: JsonObject): { readonly packageId: string; readonly uuid: string } | undefined {
  const aspera = isJsonObject(tags.aspera) ? tags.aspera : {};
  const faspex = isJsonObject(aspera.faspex) ? aspera.faspex : {};
  const metadata = isJsonObject(faspex.metadata) ? faspex.metadata : {};
  const { _pkg_id: id, _pkg_uuid: uuid } = metadata;
  if (typeof uuid !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return undefined;
  return { packageId: String(id), uuid };
}

/** Whether the viewer may read the package on any Faspex server: ids repeat between servers, UUIDs do not. */
async function canReadPackage(context: OperationContext, packageId: string, uuid: string): Promise<boolean> {
  if (!context.viewer.scopes.has('faspex.read')) return false;
  for (const { name } of context.sources.faspex.all) {
    try {
      const found = await context.faspex(name).loaders.package.load(packageId);
      if (found.uuid === uuid) return true;
    } catch (error) {
      if (!isHidden(error)) throw error;
    }
  }
  return false;
}

/**
 * Whether the viewer may see a transfer. Where the node itself knows the viewer (actAs: viewer) it has decided. With a
 * shared credential the viewer sees what was started or authorized for them through a gateway with the same key, and
 * the transfers of packages that they can read.
 */
export async function canSeeTransfer(
  context: OperationContext,
  node: BoundNode,
  transfer: NodeTransfer,
): Promise<boolean> {
  const { actAs, visibility } = node.source.config;
  if (actAs === 'viewer') return true;
  if (visibility === 'all' && context.viewer.scopes.has('transfer.all')) return true;
  if (context.ownership.owns(context.viewer.id, transfer.tags)) return true;
  const pkg = packageOf(transfer.tags);
  return pkg !== undefined && canReadPackage(context, pkg.packageId, pkg.uuid);
}
