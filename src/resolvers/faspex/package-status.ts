import type { BoundFaspex, OperationContext } from '../../context/context.ts';
import type { PackageChange } from '../../progress/package-poll.ts';
import type { TopicEvent } from '../../progress/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';
import { type FaspexPackageNode, packageById, toPackageNode } from './package.ts';

/** One event of a package's life. */
export interface PackageEvent {
  /** null when it is gone, or is no longer the viewer's to see. */
  readonly package: FaspexPackageNode | null;
  readonly cursor: string;
  readonly gap: boolean;
}

/** Nothing more is told after one of these. */
const isFinal = (pkg: FaspexPackageNode | null) =>
  pkg === null ||
  pkg.status === 'AVAILABLE' ||
  pkg.status === 'FAILED' ||
  pkg.status === 'DELETED' ||
  pkg.status === 'EXPIRED';

async function presentState(
  faspex: BoundFaspex,
  packageId: string,
  context: OperationContext,
): Promise<FaspexPackageNode> {
  context.beginEvent();
  const { name } = faspex.source;
  const pkg = await packageById(context.faspex(name), packageId);
  if (pkg) return pkg;
  throw new SourceError('NOT_FOUND', `There is no package ${packageId} on ${name}, or it is not yours to see.`, {
    source: name,
  });
}

async function tell(
  event: TopicEvent<PackageChange>,
  packageId: string,
  faspex: BoundFaspex,
  context: OperationContext,
): Promise<PackageEvent> {
  const { cursor } = event;
  if (event.kind === 'gap') return { package: await presentState(faspex, packageId, context), cursor, gap: true };
  const { pkg } = event.value;
  return { package: pkg ? toPackageNode(faspex.source.name, pkg) : null, cursor, gap: false };
}

async function* follow(
  faspex: BoundFaspex,
  packageId: string,
  after: string | null | undefined,
  context: OperationContext,
): AsyncGenerator<PackageEvent> {
  const topic = context.progress.packagesOf(faspex.source, faspex.identity);
  const exclude = topic.include(packageId);
  const events = topic.watch({
    accepts: (change) => change.packageId === packageId,
    ...(after == null ? {} : { after }),
  });
  const leave = () => void events.return?.();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    const present = await presentState(faspex, packageId, context);
    if (after == null || isFinal(present)) yield { package: present, cursor: topic.cursor, gap: false };
    if (isFinal(present)) return;
    for await (const event of events) {
      const told = await tell(event, packageId, faspex, context);
      yield told;
      if (isFinal(told.package)) return;
    }
  } finally {
    context.signal.removeEventListener('abort', leave);
    exclude();
    leave();
  }
}

/** The life of the package with this global id, until it is available, failed, expired or deleted. */
export function watchPackage(
  id: { readonly typename: string; readonly id: string },
  after: string | null | undefined,
  context: OperationContext,
): AsyncGenerator<PackageEvent> {
  const [sourceName, packageId] = splitId(id.id, 2) ?? [];
  if (id.typename !== 'FaspexPackage' || sourceName === undefined || packageId === undefined) {
    throw new SourceError('BAD_INPUT', 'This id is not of a package. Take `id` from a Package.', { source: 'gateway' });
  }
  return follow(context.faspex(sourceName), packageId, after, context);
}
