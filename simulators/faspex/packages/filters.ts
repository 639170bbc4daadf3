import { parseStamp } from '../dates.ts';
import { refusal } from '../errors.ts';
import { listParameter } from '../listing.ts';
import type { Package } from '../package.ts';
import type { World } from '../world.ts';
import { isDeleted, statusOf } from './status.ts';

type Test = (pkg: Package) => boolean;

const UPLOAD_STATUSES = [
  'completed',
  'error',
  'failed',
  'paused',
  'queued',
  'stopped',
  'submitted',
  'timed_out',
  'transferring',
  'will_retry',
  'pre_initiation',
];

function time(name: string, text: string): number {
  const ms = parseStamp(text);
  if (ms === undefined) throw refusal(400, 1017, `${name} has no valid date.`);
  return ms;
}

/** A range such as `gte:2021-08-21T17:03:48`; both ends come comma-separated or as a repeated parameter. */
function range(query: URLSearchParams, name: string, read: (pkg: Package) => number | undefined): readonly Test[] {
  const terms = listParameter(query, name).flatMap((value) => value.split(','));
  return terms.map((term) => {
    const [, operator, text] = /^(gte|lte):(.+)$/.exec(term.trim()) ?? [];
    if (operator === undefined || text === undefined) {
      throw refusal(400, 1013, `${name} must start with gte: or lte:.`);
    }
    const bound = time(name, text);
    return (pkg) => {
      const value = read(pkg);
      return value !== undefined && (operator === 'gte' ? value >= bound : value <= bound);
    };
  });
}

function one(query: URLSearchParams, name: string, test: (value: string, pkg: Package) => boolean): readonly Test[] {
  const value = query.get(name);
  return value ? [(pkg) => test(value, pkg)] : [];
}

function groups(query: URLSearchParams, name: string, kind: 'workgroup' | 'shared_inbox'): readonly Test[] {
  const ids = listParameter(query, name).flatMap((value) => value.split(',').map((id) => id.trim()));
  if (ids.length === 0) return [];
  return [(pkg) => pkg.deliveries.some((delivery) => delivery.kind === kind && ids.includes(delivery.id))];
}

/** Names and addresses of the people and groups of a package, for `q`. */
function people(world: World, pkg: Package): readonly string[] {
  const userTexts = (id: string) => {
    const user = world.users.get(id);
    return user ? [user.username, user.email, `${user.firstName} ${user.lastName}`] : [];
  };
  return [pkg.senderId, ...pkg.deliveries.filter(({ kind }) => kind === 'user').map(({ id }) => id)]
    .flatMap(userTexts)
    .concat(pkg.deliveries.flatMap(({ kind, id }) => (kind === 'user' ? [] : (world.groups.get(id)?.name ?? []))));
}

function search(world: World, query: URLSearchParams): readonly Test[] {
  const wanted = query.get('q')?.toLowerCase();
  if (!wanted) return [];
  const contains = (text: string) => text.toLowerCase().includes(wanted);
  return [(pkg) => contains(pkg.title) || contains(pkg.note) || people(world, pkg).some(contains)];
}

function before(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text ? time(name, text) : undefined;
}

/** The filters of a package list (aspera-apps-api.md §5.1). Unknown parameters are ignored (part F, `mailbox`). */
export function packageFilter(world: World, query: URLSearchParams): Test {
  const uploadStatus = query.get('upload_status');
  if (uploadStatus && !UPLOAD_STATUSES.includes(uploadStatus)) {
    throw refusal(400, 1048, `upload_status must be one of ${UPLOAD_STATUSES.join(', ')}.`);
  }
  const releasedBefore = before(query, 'release_date_before');
  const changedSince = before(query, 'changed_since_date');
  const tests: readonly Test[] = [
    ...search(world, query),
    ...one(query, 'status', (value, pkg) => statusOf(pkg) === value),
    ...one(query, 'upload_status', (value, pkg) => pkg.uploadStatus === value),
    ...one(query, 'release_policy', (value, pkg) => pkg.releasePolicy === value),
    ...one(query, 'ignore_deleted', (value, pkg) => value !== 'true' || !isDeleted(pkg)),
    ...range(query, 'created_time', ({ createdAt }) => createdAt),
    ...range(query, 'upload_completion_time', ({ upload }) => upload.completedAt),
    ...groups(query, 'workgroup_ids', 'workgroup'),
    ...groups(query, 'shared_inbox_ids', 'shared_inbox'),
    ...(releasedBefore === undefined ? [] : [(pkg: Package) => (pkg.releaseDate ?? Infinity) < releasedBefore]),
    ...(changedSince === undefined ? [] : [(pkg: Package) => pkg.modifiedAt >= changedSince]),
  ];
  return (pkg) => tests.every((test) => test(pkg));
}
