import { sightOf } from '../../simulators/faspex/packages/access.ts';
import { packageView } from '../../simulators/faspex/packages/package-view.ts';
import { seedWorld } from '../../simulators/faspex/seed/seed-world.ts';
import { createWorld } from '../../simulators/faspex/world.ts';
import { createRandom } from '../../simulators/kit/random.ts';

/** What the upstream answers, made once from the simulators' own people, packages and shapes. */
export interface CannedAnswers {
  /** Ids of the packages that can be asked for one by one. */
  readonly packageIds: readonly string[];
  /** `GET /packages/{id}`. */
  readonly packages: ReadonlyMap<string, Buffer>;
  /** `GET /inbox_all/packages`: the first page. */
  readonly list: Buffer;
  /** What a node says of a path. */
  readonly entries: ReadonlyMap<string, object>;
}

/** The seed's dates are relative to this moment, so that every run answers the same. */
const NOW = Date.UTC(2026, 10, 26, 9, 30);

export const PAGE_SIZE = 50;

/** How many different packages callers ask for. */
const PACKAGES = 256;

const DAY_MS = 86_400_000;

/** The entry of a folder as `POST /files/info` tells it (simulators/node/files/entry.ts). */
const folderEntry = (path: string, modifiedMs: number) => ({
  path,
  basename: path.slice(path.lastIndexOf('/') + 1),
  type: 'directory',
  size: 0,
  mtime: `${new Date(modifiedMs).toISOString().slice(0, 19)}Z`,
  permissions: ['view', 'edit', 'delete'].map((name) => ({ name })),
});

export function createCannedAnswers(): CannedAnswers {
  const world = createWorld({ now: () => NOW });
  const { users } = seedWorld(world, 'full');
  const [admin] = users;
  if (!admin) throw new Error('the seed has no people');
  const random = createRandom(11);
  const newest = [...world.packages.values()].toSorted((left, right) => right.createdAt - left.createdAt);
  const chosen = newest.slice(0, PACKAGES);
  const sight = sightOf(world, admin);
  const views = chosen.map((pkg) => ({ pkg, json: JSON.stringify(packageView(sight, pkg, 'inbox_all')) }));
  const page = views.slice(0, PAGE_SIZE).map(({ json }) => json);
  const head = `{"total_count":${newest.length},"offset":0,"limit":${PAGE_SIZE},"packages":[`;
  return {
    packageIds: chosen.map(({ id }) => id),
    packages: new Map(views.map(({ pkg, json }) => [pkg.id, Buffer.from(json)])),
    list: Buffer.from(`${head}${page.join(',')}]}`),
    entries: new Map(
      chosen.map(({ folder, createdAt }) => [folder, folderEntry(folder, createdAt + random.integer(0, DAY_MS))]),
    ),
  };
}
