import { createHash } from 'node:crypto';
import { type ExecutionArgs, getArgumentValues, getOperationAST, getVariableValues } from 'graphql';
import { type ActingRule, actorFor, type Caller } from '../../context/actor.ts';
import type { OperationContext, Sources } from '../../context/context.ts';
import { createReach, type Reach, type SourcePlace } from '../../context/reach.ts';
import type { UpstreamTokens } from '../../context/upstream-tokens.ts';
import { SubjectRefused } from '../../identity/subject.ts';
import type { Viewer } from '../../identity/viewer.ts';
import { SourceError } from '../../transport/source-error.ts';
import type { Actor, UpstreamIdentity } from '../../transport/upstream.ts';
import { canonical } from './canonical.ts';
import type { Selection } from './selection.ts';

/** Who may share the events of a subscription, and what those events are made with. */
export interface Plan {
  /** The same for all who see the same, whatever happens. */
  readonly key: string;
  /** In whose name events are made: for several viewers somebody of whom nothing but the scopes is known. */
  readonly viewer: Viewer;
  /** The tokens that they have sent along, the same for all who share the events. */
  readonly upstreamTokens: UpstreamTokens | undefined;
  readonly isOfOneViewer: boolean;
  readonly reach: Reach;
  /** Whether the subscriber comes back with a cursor. */
  readonly isReturning: boolean;
  readonly selection: Selection;
  readonly args: ExecutionArgs;
}

/** How the log names those who share events; nothing for one viewer, who has a name. */
export const groupOf = ({ isOfOneViewer, key }: Plan) => (isOfOneViewer ? undefined : key.slice(0, 12));

/** A source as far as it matters here. */
interface AnySource {
  readonly name: string;
  readonly config: ActingRule & { readonly visibility?: 'own' | 'all' | undefined };
  identify(actor: Actor | undefined): UpstreamIdentity;
}

const sourcesAt = (sources: Sources, { kind, name }: SourcePlace): readonly AnySource[] =>
  (sources[kind].all as readonly AnySource[]).filter((source) => name === undefined || source.name === name);

/** Whether what a source shows depends on who asks. */
function isPersonal({ config }: AnySource, { scopes }: Viewer): boolean {
  return config.actAs !== 'service' || config.visibility !== 'all' || !scopes.has('transfer.all');
}

/** Whose transfer it is may have to be asked of Faspex: it may be that of a package. */
function placesFor(selection: Selection, places: readonly SourcePlace[], sources: Sources, viewer: Viewer) {
  const all = [...places, ...[...selection.kinds].map((kind) => ({ kind }))];
  const asksFaspex = all.some(
    (place) => place.kind === 'node' && sourcesAt(sources, place).some((source) => isPersonal(source, viewer)),
  );
  return asksFaspex ? [...all, { kind: 'faspex' } as const] : all;
}

/** In whose name a source is called. Who may not call it at all is told why, as all are who may not for that reason. */
function identityAt(source: AnySource, caller: Caller): string {
  try {
    return `${source.name} ${source.identify(actorFor(caller, source)).key}`;
  } catch (error) {
    if (error instanceof SubjectRefused || error instanceof SourceError) return `${source.name} ${error.message}`;
    throw error;
  }
}

/**
 * Stands for everybody who has these scopes. To ask who they are is a mistake: an event that depends on that must not
 * be shared, so it fails instead.
 */
function anybodyWith({ scopes }: Viewer): Viewer {
  const refuse = (): never => {
    throw new Error('An event that several viewers share depends on who they are.');
  };
  return {
    scopes,
    get id() {
      return refuse();
    },
    get name() {
      return refuse();
    },
    get claims() {
      return refuse();
    },
    get issuer() {
      return refuse();
    },
    expiresAt: undefined,
  };
}

/** The arguments of the subscription; undefined when they are wrong, which its execution says better. */
function argumentsOf({ schema, document, operationName, variableValues }: ExecutionArgs, { root }: Selection) {
  const field = schema.getSubscriptionType()?.getFields()[root.name.value];
  const operation = getOperationAST(document, operationName);
  if (!field || !operation) return undefined;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  try {
    return coerced && getArgumentValues(field, root, coerced);
  } catch {
    return undefined;
  }
}

const digest = (parts: readonly unknown[]) => createHash('sha256').update(canonical(parts)).digest('base64url');

function keyOf(
  { args, selection, reach }: Pick<Plan, 'args' | 'selection' | 'reach'>,
  one: Viewer | undefined,
  ids: readonly string[],
  scopes: Viewer['scopes'],
): string {
  const { text, variables } = selection;
  const given = Object.entries(args.variableValues ?? {}).filter(([name]) => variables.has(name));
  return digest([
    text,
    args.operationName ?? null,
    Object.fromEntries(given),
    [...scopes].sort(),
    reach.places,
    ids,
    one?.id ?? null,
  ]);
}

/** Decides with whom a subscriber shares their events; undefined when with nobody, ever. */
export function planOf(args: ExecutionArgs, selection: Selection, context: OperationContext): Plan | undefined {
  const { viewer, upstreamTokens, sources } = context;
  const given = argumentsOf(args, selection);
  const own = given && selection.shared.placesOf(given);
  if (!given || !own) return undefined;
  const reach = createReach(placesFor(selection, own, sources, viewer));
  const reached = reach.places.flatMap((place) => sourcesAt(sources, place));
  const isOfOneViewer = reached.some((source) => isPersonal(source, viewer));
  const ids = reached.map((source) => identityAt(source, context));
  return {
    key: keyOf({ args, selection, reach }, isOfOneViewer ? viewer : undefined, ids, viewer.scopes),
    viewer: isOfOneViewer ? viewer : anybodyWith(viewer),
    isReturning: given[selection.shared.resumeArgument] != null,
    ...{ upstreamTokens, isOfOneViewer, reach, selection, args },
  };
}
