import type { OperationContext } from '../../context/context.ts';
import type { PackageChange } from '../../progress/package-readings.ts';
import type { PackageTopic } from '../../progress/progress.ts';
import type { Watch } from '../../progress/types.ts';
import type { FaspexUploadDetails } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';

/** One event of a package's life. */
export interface PackageEvent {
  /** null when it is gone, or is no longer the viewer's to see. */
  readonly package: FaspexPackageNode | null;
  /** How far its upload has come, where that was asked for anyway. */
  readonly upload: FaspexUploadDetails | undefined;
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

const toEvent = (
  { sourceName }: Watched,
  { pkg, upload }: PackageChange,
  cursor: string,
  gap: boolean,
): PackageEvent => ({
  package: pkg ? toPackageNode(sourceName, pkg) : null,
  upload,
  cursor,
  gap,
});

/** Whether a change says nothing that the watcher has not been told: its own first look is found by the poll as well. */
const isKnown = (told: PackageChange | undefined, change: PackageChange) =>
  told !== undefined && (change.order <= told.order || change.state === told.state);

/**
 * Tells what comes. Of a package that has come to its end (`end`) only what waits is left to tell, and the end itself.
 */
async function* tellChanges(
  watched: Watched,
  events: Watch<PackageChange>,
  first: PackageChange | undefined,
  end: PackageChange | undefined,
): AsyncGenerator<PackageEvent> {
  let told = first;
  while (!end || events.waiting > 0) {
    const { value: event, done } = await events.next();
    if (done) return;
    const gap = event.kind === 'gap';
    const change = event.kind === 'gap' ? await presentState(watched, true) : event.value;
    if (!gap && isKnown(told, change)) continue;
    told = change;
    yield toEvent(watched, change, event.cursor, gap);
    if (isFinal(change)) return;
  }
  yield toEvent(watched, end, watched.topic.cursor, false);
}

async function* tell(watched: Watched, events: Watch<PackageChange>, isBack: boolean): AsyncGenerator<PackageEvent> {
  const [present] = await Promise.all([presentState(watched, !isBack), events.ready]);
  if (isBack) {
    yield* tellChanges(watched, events, undefined, isFinal(present) ? present : undefined);
    return;
  }
  if (present.pkg === undefined) throw notFound(watched);
  yield toEvent(watched, present, watched.topic.cursor, false);
  if (!isFinal(present)) yield* tellChanges(watched, events, present, undefined);
}

async function* follow(watched: Watched, after: string | undefined): AsyncGenerator<PackageEvent> {
  const { context, packageId, topic } = watched;
  const events = topic.watch({ only: packageId, after });
  const leave = () => void events.return();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    yield* tell(watched, events, after !== undefined);
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}

function notFound({ sourceName, packageId }: Watched): SourceError {
  const message = `There is no package ${packageId} on ${sourceName}, or it is not yours to see.`;
  return new SourceError('NOT_FOUND', message, { source: sourceName });
}

/** Begins to show an event: with fresh loaders, which need not ask for what came with it. */
export function showPackageEvent(event: PackageEvent, context: OperationContext): PackageEvent {
  context.beginEvent();
  const { package: pkg, upload } = event;
  if (pkg && upload) context.faspex(pkg.sourceName).loaders.uploadDetails.prime(pkg.packageId, upload);
  return event;
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
  const { source, identity } = context.faspex(sourceName);
  const topic = context.progress.packagesOf(source, identity);
  return follow({ context, sourceName, packageId, topic }, after ?? undefined);
}
