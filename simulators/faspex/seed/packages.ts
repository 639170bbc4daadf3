import { posix } from 'node:path';
import type { Random } from '../../kit/random.ts';
import type { Group, User } from '../model.ts';
import type { Delivery, Package } from '../package.ts';
import { addPackage, newPackageState } from '../packages/create.ts';
import { packageFolders } from '../storage/package-folder.ts';
import type { World } from '../world.ts';
import { planFiles, type SeedFile } from './files.ts';
import { moveTo, planStages, released, type Stage } from './stages.ts';

const projects = [
  'Nordlicht',
  'Harbour Lights',
  '狼の道',
  'Blue Meridian',
  'Café Lumière',
  'Atlas',
  'Winter Term',
  'Riva',
];
const things = [
  'rushes day',
  'final mix v',
  'colour grade',
  'subtitle pack',
  'press kit',
  'contract drafts',
  'VFX plates shot',
  'dailies: unit',
  'conform reel',
  'site survey',
];
const notes = ['', '', 'Please check before Friday.', 'Für den Feinschnitt.', 'Replaces the package of yesterday.'];

const DAY_MS = 86_400_000;
/** The seeded packages are spread over so many days up to now. */
const SPAN_DAYS = 90;

interface Cast {
  readonly admin: User;
  readonly plain: User;
  /** Who sends and receives the bulk. */
  readonly others: readonly User[];
  readonly groups: readonly Group[];
}

interface Route {
  readonly sender: User;
  readonly deliveries: readonly Delivery[];
}

const to = (kind: Delivery['kind'], id: string): Delivery => ({ kind, id, isPrivate: false, archivedBy: new Set() });

/** Packages of the plain user: a few received, a few sent, and nothing else in their mailboxes. */
const plainReceives = (index: number, count: number) => index % Math.ceil(count / 6) === 1;
const plainSends = (index: number, count: number) => index % Math.ceil(count / 3) === 3;

function routeOf(random: Random, cast: Cast, index: number, count: number): Route {
  const { admin, plain, others, groups } = cast;
  const sender = random.pick(others);
  if (plainSends(index, count)) return { sender: plain, deliveries: [to('user', random.pick(others).id)] };
  if (plainReceives(index, count)) return { sender, deliveries: [to('user', plain.id)] };
  if (index % 11 === 5) return { sender: admin, deliveries: [to('user', random.pick(others).id)] };
  const toAdmin = index % 6 === 0 ? [to('user', admin.id)] : [];
  if (index % 5 === 1) {
    const group = random.pick(groups);
    return { sender, deliveries: [...toAdmin, to(group.kind, group.id)] };
  }
  const users = new Set(Array.from({ length: random.integer(1, 3) }, () => random.pick(others).id));
  return { sender, deliveries: [...toAdmin, ...[...users].map((id) => to('user', id))] };
}

function createdAt(random: Random, now: number, index: number, count: number): number {
  const step = (SPAN_DAYS * DAY_MS) / count;
  return Math.floor(now - (count - index) * step + random.next() * step * 0.9);
}

function draft(world: World, random: Random, { sender, deliveries }: Route, at: number): Package {
  const uuid = random.uuid();
  const title = `${random.pick(projects)} ${random.pick(things)} ${random.integer(1, 99)}`;
  return {
    id: world.nextId('package'),
    uuid,
    title,
    note: random.pick(notes),
    senderId: sender.id,
    deliveries,
    metadata: random.next() < 0.3 ? { Project: random.pick(projects) } : {},
    options: {
      earEnabled: false,
      obfuscationEnabled: false,
      preventHttpDownload: random.next() < 0.1,
      downloadLimit: undefined,
      notifiedOnUpload: [],
      notifiedOnDownload: [sender.username],
      notifiedOnReceipt: [],
    },
    ...packageFolders(title, uuid),
    ...newPackageState(at),
    releasePolicy: 'now',
    releaseDate: undefined,
    expirationPolicy: 'none',
    expirationDate: undefined,
  };
}

/** Some recipients have fetched their package, and some have put it away. */
function addHistory(random: Random, pkg: Package): void {
  for (const { kind, id, archivedBy } of pkg.deliveries) {
    if (kind !== 'user' || random.next() < 0.5) continue;
    const startedAt = pkg.stateSince + random.integer(60_000, 600_000);
    pkg.downloads.push({
      grantId: random.uuid(),
      userId: id,
      isPartial: random.next() < 0.2,
      startedAt,
      stoppedAt: startedAt + random.integer(1_000, 90_000),
      ip: `192.0.2.${random.integer(1, 254)}`,
      status: 'completed',
      percentage: 100,
      secondsLeft: 0,
    });
    if (random.next() < 0.1) archivedBy.add(id);
  }
}

/** Packages that the plain user or few others have to do with are released: their mailboxes are for showing. */
const stageOf = (stages: readonly Stage[], index: number, count: number): Stage =>
  plainReceives(index, count) || plainSends(index, count) ? released : (stages[index] ?? released);

/** Makes `count` packages of the past 90 days. Gives the files that the storage node must hold for them. */
export function seedPackages(world: World, random: Random, cast: Cast, count: number): readonly SeedFile[] {
  const now = world.clock.now();
  const stages = planStages(random, count);
  const files: SeedFile[] = [];
  for (let index = 0; index < count; index += 1) {
    const stage = stageOf(stages, index, count);
    const pkg = draft(world, random, routeOf(random, cast, index, count), createdAt(random, now, index, count));
    const planned = stage.hasFiles || stage.state === 'deleted' ? planFiles(random, pkg.content) : [];
    const sizes = planned.map((file) => ({
      name: posix.relative(pkg.content, file.path),
      bytes: Buffer.byteLength(file.content),
    }));
    moveTo(random, pkg, stage, sizes, now);
    if (stage.state === 'released') addHistory(random, pkg);
    if (stage.hasFiles) files.push(...planned);
    addPackage(world, pkg);
  }
  return files;
}
