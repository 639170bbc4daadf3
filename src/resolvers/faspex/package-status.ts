import type { OperationContext } from '../../context/context.ts';
import type { PackageChange } from '../../progress/package-readings.ts';
import type { PackageTopic } from '../../progress/progress.ts';
import type { TopicEvent } from '../../progress/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';

/** One event of a package's life. */
export interface PackageEvent {
  /** null when it is gone, or is no longer the viewer's to see. */
  readonly package: FaspexPackageNode | null;
  readonly cursor: string;
  readonly gap: boolean;
}

interface Watched {
  readonly context: OperationContext;
  readonly sourceName: string;
  readonly packageId: string;
  readonly topic: PackageTopic;
}

/** Nothing more is told after one of these. */
const finalStatuses: ReadonlySet<string> = new Set(['AVAILABLE', 'FAILED', 'DELETED', 'EXPIRED']);

const isFinal = ({ pkg }: PackageChange) => pkg === undefined || finalStatuses.has(pkg.status);

/** Reads the package as it is now, with fresh loaders: what an earlier event has read does not count. */
function presentState({ context, sourceName, packageId, topic }: Watched, isTold: boolean): Promise<PackageChange> {
  context.beginEvent();
  return topic.lookFor(packageId, () => context.faspex(sourceName).loaders.package.load(packageId), isTold);
}

const toEvent = ({ sourceName }: Watched, { pkg }: PackageChange, cursor: string, gap: boolean): PackageEvent => ({
  package: pkg ? toPackageNode(sourceName, pkg) : null,
  cursor,
  gap,
});

/** Whether a change says nothing that the watcher has not been told: its own first look is found by the poll as well. */
const isKnown = (told: PackageChange | undefined, change: PackageChange) =>
  told !== undefined && (change.order <= told.order || change.state === told.state);

async function* tellChanges(
  watched: Watched,
  events: AsyncIterable<TopicEvent<PackageChange>>,
  first: PackageChange | undefined,
): AsyncGenerator<PackageEvent> {
  let told = first;
  for await (const event of events) {
    const gap = event.kind === 'gap';
    const change = event.kind === 'gap' ? await presentState(watched, true) : event.value;
    if (!gap && isKnown(told, change)) continue;
    told = change;
    yield toEvent(watched, change, event.cursor, gap);
    if (isFinal(change)) return;
  }
}

async function* follow(watched: Watched, after: string | undefined): AsyncGenerator<PackageEvent> {
  const { context, sourceName, packageId, topic } = watched;
  const events = topic.watch({ only: packageId, after });
  const leave = () => void events.return();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    const present = await presentState(watched, after === undefined);
    if (present.pkg === undefined && after === undefined) throw notFound(sourceName, packageId);
    const isNew = after === undefined || isFinal(present);
    if (isNew) yield toEvent(watched, present, topic.cursor, false);
    if (!isFinal(present)) yield* tellChanges(watched, events, isNew ? present : undefined);
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}

const notFound = (source: string, packageId: string) =>
  new SourceError('NOT_FOUND', `There is no package ${packageId} on ${source}, or it is not yours to see.`, { source });

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
  const { source, identity } = context.faspex(sourceName);
  const topic = context.progress.packagesOf(source, identity);
  return follow({ context, sourceName, packageId, topic }, after ?? undefined);
}
