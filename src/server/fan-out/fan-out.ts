import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import type { OperationContext } from '../../context/context.ts';
import { type Group, openGroup } from './group.ts';
import type { SharedEvents } from './outlet.ts';
import { groupOf, type Plan, planOf } from './plan.ts';
import { createRun, type RunDeps } from './run.ts';
import { createSelections } from './selection.ts';

/** Serves subscribers who see the same by executing each event once for all of them. */
export interface FanOut {
  /** The events of a subscription that may be shared; undefined for one that may not. */
  subscribe(args: ExecutionArgs, context: OperationContext): SharedEvents | undefined;
  /** Called before and after something may have been changed through this gateway. */
  noteWrite(): void;
  /** How often that was. */
  writes(): number;
}

export interface FanOutDeps extends RunDeps {
  readonly schema: GraphQLSchema;
  /** Where the groups are counted that there are at the moment. */
  readonly counts?: { groups: number } | undefined;
  readonly now?: (() => number) | undefined;
}

/** The groups that may be joined. */
interface Groups {
  readonly joinable: Map<string, Group>;
  readonly deps: FanOutDeps;
  writes: number;
}

/**
 * Where a subscription has a present state to tell, anybody may join. Where it has none, a group that began behind a
 * cursor tells also what newcomers have no claim to; only others who return may join it.
 */
const returnersOnly = (key: string) => `${key} returned`;

function open(groups: Groups, plan: Plan): Group {
  const { joinable, deps } = groups;
  const { counts = { groups: 0 } } = deps;
  const { key, isReturning } = plan;
  const tellsPresent = plan.selection.shared.tellsPresent;
  counts.groups += 1;
  const group = openGroup({
    ...{ run: createRun(plan, deps), isReturning, now: deps.now ?? Date.now },
    writes: () => groups.writes,
    onLevel: (level, position) => {
      const known = joinable.get(key) ?? joinable.get(returnersOnly(key));
      if (known && !known.isSettled) return false;
      if (known) known.takeOver(level, position);
      else joinable.set(tellsPresent ? key : returnersOnly(key), level);
      return true;
    },
    onEnd: (over) => {
      counts.groups -= 1;
      for (const place of [key, returnersOnly(key)]) if (joinable.get(place) === over) joinable.delete(place);
    },
  });
  if (!isReturning) joinable.set(key, group);
  return group;
}

export function createFanOut(deps: FanOutDeps): FanOut {
  const groups: Groups = { joinable: new Map(), deps, writes: 0 };
  const selectionOf = createSelections(deps.schema);
  return {
    writes: () => groups.writes,
    noteWrite: () => {
      groups.writes += 1;
    },
    subscribe: (args, context) => {
      const selection = selectionOf(args.document);
      const plan = selection && planOf(args, selection, context);
      if (!plan) return undefined;
      return {
        group: groupOf(plan),
        follow: (outlet) => {
          const known = plan.isReturning ? undefined : groups.joinable.get(plan.key);
          const member = (known ?? open(groups, plan)).join(outlet);
          return () => member.group.leave(member);
        },
      };
    },
  };
}
