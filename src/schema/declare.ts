import { decodeGlobalID } from '@pothos/plugin-relay';
import type { SourceKind, SourcePlace } from '../context/reach.ts';
import type { Scope } from '../identity/scopes.ts';
import { splitId } from '../resolvers/global-id.ts';

/** How the events of a subscription are shared by those who may see the same. */
export interface Shared {
  /** The sources that the subscription itself uses, given its arguments; undefined when they name none. */
  readonly placesOf: (args: Readonly<Record<string, unknown>>) => readonly SourcePlace[] | undefined;
  /** The argument with which somebody returns: what it says concerns them alone. */
  readonly resumeArgument: string;
  /** Whether it begins with how things stand, which those who come late can be told as well. */
  readonly tellsPresent: boolean;
  /** Fields of the event for who did not read fast enough: states before it were left out. */
  readonly afterSkips: Readonly<Record<string, unknown>>;
  /** Fields of the event that stands for more things than can wait for one reader; undefined where there is only one. */
  readonly afterLoss?: Readonly<Record<string, unknown>>;
}

/** What a field or type declares, for the server to enforce or to make use of. */
export interface Declared {
  /** What the viewer must have. */
  readonly scopes?: readonly Scope[];
  /**
   * The kinds of sources that the field's resolver may use, but for the very source that its object came from, which is
   * reached already. Groups of subscribers are refused any other.
   */
  readonly reaches?: readonly SourceKind[];
  readonly shared?: Shared;
}

export const declares = (declared: Declared) => ({ extensions: { ...declared } });

/** Kinds of sources by the types of things that are watched alone. */
const kinds: ReadonlyMap<string, SourceKind> = new Map([
  ['NodeTransfer', 'node'],
  ['TransferdTransfer', 'transferd'],
  ['FaspexPackage', 'faspex'],
]);

/** The source that the global id of a thing names; undefined for what is no such id. */
export function placesOfId(id: unknown): readonly SourcePlace[] | undefined {
  if (typeof id !== 'string') return undefined;
  try {
    const { typename, id: local } = decodeGlobalID(id);
    const [name] = splitId(local, 2) ?? [];
    const kind = kinds.get(typename);
    return kind === undefined || name === undefined ? undefined : [{ kind, name }];
  } catch {
    return undefined;
  }
}
