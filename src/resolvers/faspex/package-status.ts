import type { OperationContext } from '../../context/context.ts';
import type { LogPosition } from '../../progress/cursor.ts';
import { createLineHand, type Line, type LineHand, type MarkedEvent, toLine } from '../../progress/line.ts';
import type { PackageChange } from '../../progress/package-readings.ts';
import type { PackageTopic } from '../../progress/progress.ts';
import type { TopicEvent, Watch } from '../../progress/types.ts';
import type { FaspexUploadDetails } from '../../sources/faspex/types.ts';
import { SourceError } from '../../transport/source-error.ts';
import { splitId } from '../global-id.ts';
import { type FaspexPackageNode, toPackageNode } from './package.ts';

/** One event of a package's life. */
export interface PackageEvent extends MarkedEvent {
  /** null when it is gone, or is no longer the viewer's to see. */
  readonly package: FaspexPackageNode | null;
  /** How far its upload has come, where that was asked for anyway. */
  readonly upload: FaspexUploadDetails | undefined;
  readonly cursor: string;
  readonly gap: boolean;
}

/** One line of events while it lasts. */
interface Watched {
  readonly context: OperationContext;
  readonly sourceName: string;
  readonly packageId: string;
  readonly topic: PackageTopic;
  readonly hand: LineHand<PackageEvent>;
  /** Set when the first event is asked for. */
  events: Watch<PackageChange> | undefined;
  /** What was told last. */
  told: PackageChange | undefined;
  /** What was told last was read after a gap; what the log tells next may be older. */
  isLookedUp: boolean;
}

/** Nothing more is told after one of these. */
const finalStatuses: ReadonlySet<string> = new Set(['AVAILABLE', 'FAILED', 'DELETED', 'EXPIRED']);

const isFinal = ({ pkg }: PackageChange) => pkg === undefined || finalStatuses.has(pkg.status);

/** Reads the package as it is now, with fresh loaders: what an earlier event has read does not count. */
function presentState(
  { sourceName, packageId, topic }: Watched,
  context: OperationContext,
  isTold: boolean,
): Promise<PackageChange> {
  context.beginEvent();
  return topic.lookFor(packageId, () => context.faspex(sourceName).loaders.package.load(packageId), isTold);
}

interface Place {
  readonly cursor: string;
  readonly position: LogPosition;
}

function show(
  watched: Watched,
  change: PackageChange,
  { cursor, position }: Place,
  { gap = false, isLookedUp = false, isRepeat = false },
): PackageEvent {
  watched.told = change;
  watched.isLookedUp = isLookedUp;
  const { pkg, upload } = change;
  return {
    package: pkg ? toPackageNode(watched.sourceName, pkg) : null,
    ...{ upload, cursor, gap, mark: { thing: watched.packageId, position, isLookedUp, isRepeat } },
  };
}

/** Whether a change says nothing that has not been told: the first look is found by the poll as well. */
const isKnown = ({ told }: Watched, change: PackageChange) =>
  told !== undefined && (change.order <= told.order || change.state === told.state);

/** What is told for an event of the topic; nothing for what is known. */
async function toldOf(watched: Watched, event: TopicEvent<PackageChange>): Promise<PackageEvent | undefined> {
  if (event.kind === 'gap') {
    const present = await presentState(watched, watched.context, true);
    return show(watched, present, event, { gap: true, isLookedUp: true });
  }
  return isKnown(watched, event.value) ? undefined : show(watched, event.value, event, {});
}

/**
 * Tells what comes. Of a package that has come to its end (`end`) only what waits is left to tell, and the end itself.
 */
async function* tellChanges(
  watched: Watched,
  events: Watch<PackageChange>,
  end: PackageChange | undefined,
): AsyncGenerator<PackageEvent> {
  while (!end || events.waiting > 0) {
    if (!watched.isLookedUp && events.waiting === 0) watched.hand.noteLevel();
    const { value: event, done } = await events.next();
    if (done) return;
    const told = await toldOf(watched, event);
    if (told) yield told;
    if (told && watched.told && isFinal(watched.told)) return;
  }
  yield show(watched, end, watched.topic, {});
}

async function* tell(watched: Watched, events: Watch<PackageChange>, isBack: boolean): AsyncGenerator<PackageEvent> {
  const [present] = await Promise.all([presentState(watched, watched.context, !isBack), events.ready]);
  if (isBack) {
    yield* tellChanges(watched, events, isFinal(present) ? present : undefined);
    return;
  }
  if (present.pkg === undefined) throw notFound(watched);
  yield show(watched, present, watched.topic, { isLookedUp: true });
  if (!isFinal(present)) yield* tellChanges(watched, events, undefined);
}

async function* tellLife(watched: Watched, after: string | undefined): AsyncGenerator<PackageEvent> {
  const { context, packageId, topic } = watched;
  const events = topic.watch({ only: packageId, after });
  watched.events = events;
  const leave = () => void events.return();
  context.signal.addEventListener('abort', leave, { once: true });
  try {
    yield* tell(watched, events, after !== undefined);
  } finally {
    context.signal.removeEventListener('abort', leave);
    leave();
  }
}

/** The present state for who has just come; nothing when an event has shown it while it was asked for. */
async function lookAgain(watched: Watched): Promise<PackageEvent | undefined> {
  const { told, topic, context } = watched;
  const { cursor, position } = topic;
  const beside = context.fork();
  try {
    const present = await presentState(watched, beside.context, true);
    if (watched.told !== told) return undefined;
    if (present.pkg === undefined && told === undefined) throw notFound(watched);
    const isRepeat = told !== undefined && told.state === present.state;
    const event = show(watched, present, { cursor, position }, { isLookedUp: true, isRepeat });
    // Its end is told once: nothing may come after it.
    if (isFinal(present)) void watched.events?.return();
    return event;
  } finally {
    beside.end();
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
): Line<PackageEvent> {
  const [sourceName, packageId] = splitId(id.id, 2) ?? [];
  if (id.typename !== 'FaspexPackage' || sourceName === undefined || packageId === undefined) {
    throw new SourceError('BAD_INPUT', 'This id is not of a package. Take `id` from a Package.', { source: 'gateway' });
  }
  const { source, identity } = context.faspex(sourceName);
  const topic = context.progress.packagesOf(source, identity);
  const hand = createLineHand(
    () => topic.position,
    () => lookAgain(watched),
  );
  const watched: Watched = {
    ...{ context, sourceName, packageId, topic, hand, events: undefined, told: undefined, isLookedUp: false },
  };
  return toLine(tellLife(watched, after ?? undefined), hand.controls);
}
