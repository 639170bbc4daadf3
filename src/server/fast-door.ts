import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { type ContextDeps, createContext } from '../context/create-context.ts';
import type { TokenReader } from '../context/upstream-tokens.ts';
import type { Authenticator } from '../identity/authenticate.ts';
import type { Viewer } from '../identity/viewer.ts';
import { acceptedType, type JsonType } from './accepted-type.ts';
import type { KnownOperation } from './documents.ts';
import type { LatePipeline } from './late-pipeline.ts';
import { maskRequestError } from './mask-error.ts';
import type { Given, Operations } from './operation.ts';
import type { OperationObserver } from './operation-log.ts';
import { readBody } from './read-body.ts';
import type { Replies } from './replies.ts';
import { readParameters } from './request-parameters.ts';
import type { BegunRequest, Requests } from './requests.ts';
import type { Leading, Question, SharedAnswers } from './shared-answers.ts';

export interface FastDoorDeps {
  readonly settings: { readonly graphqlPath: string; readonly maxBodyBytes: number; readonly allowsOrigins: boolean };
  readonly operations: Operations;
  readonly observer: OperationObserver;
  readonly authenticator: Authenticator;
  /** Takes what callers send along for the sources; undefined where no source wants it. */
  readonly tokenReader?: TokenReader | undefined;
  readonly context: ContextDeps;
  readonly logger: Logger;
  readonly requests: Requests;
  readonly sharedAnswers: SharedAnswers;
  readonly replies: Replies;
  /** The door for everything else. */
  readonly pipeline: LatePipeline;
}

/**
 * The short way from a socket to an operation, for what most clients send: a POST with one query or mutation as JSON.
 * Whatever is out of the ordinary, and every request that fails before its execution, goes to the pipeline, so that
 * errors have one author.
 */
export type FastDoor = (request: IncomingMessage, reply: ServerResponse) => boolean;

/** A request on its way through the door. */
interface Visit {
  readonly deps: FastDoorDeps;
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
  readonly door: BegunRequest;
  readonly type: JsonType;
}

const isJson = (contentType: string | undefined) =>
  contentType === 'application/json' || /^application\/json; *charset=utf-8$/i.test(contentType ?? '');

/** A body whose length is said beforehand, and allowed. */
function hasBody({ headers }: IncomingMessage, maxBodyBytes: number): boolean {
  const length = headers['content-length'] ?? '';
  return /^[1-9]\d{0,9}$/.test(length) && Number(length) <= maxBodyBytes;
}

function suits({ settings }: FastDoorDeps, request: IncomingMessage): boolean {
  const { method, url, headers } = request;
  return (
    method === 'POST' &&
    url === settings.graphqlPath &&
    isJson(headers['content-type']) &&
    headers['content-encoding'] === undefined &&
    !(settings.allowsOrigins && headers.origin !== undefined) &&
    hasBody(request, settings.maxBodyBytes)
  );
}

/** Gives a request on as if it had not been read. */
function passOn({ deps, request, reply, door }: Visit, body: Buffer): void {
  door.observation.door = 'http';
  void deps.pipeline.answer(Object.assign(request, { body: Readable.from([body]) }), reply, door);
}

/** An answer with errors has its status from them. */
async function tellErrors({ deps, reply, type }: Visit, result: ExecutionResult): Promise<void> {
  const response = await deps.pipeline.toResponse(result, type);
  const text = await response.text();
  reply.writeHead(response.status, {
    ...Object.fromEntries(response.headers.entries()),
    'content-length': Buffer.byteLength(text),
  });
  reply.end(text);
}

const tell = ({ deps, reply, type }: Visit, body: string | Buffer) => deps.replies.send(reply, type, body);

/** The operation that is asked for, if it may be answered here. */
function operationOf({ operations }: FastDoorDeps, query: string, name: string | null | undefined) {
  try {
    const known = operations.documents.read(query);
    const operation = known.errors.length === 0 ? known.operation(name) : undefined;
    return operation?.operation.operation === 'subscription' ? undefined : operation;
  } catch {
    // It is not GraphQL; the pipeline says so.
    return undefined;
  }
}

/** What makes a query the same as another; undefined for what is answered for itself alone. */
function questionOf({ deps }: Visit, { operation, given }: Task): Question | undefined {
  const { context, variables } = given;
  if (operation.operation.operation !== 'query') return undefined;
  try {
    const tokens = deps.tokenReader?.headers.map((header) => context.upstreamTokens?.(header)?.digest) ?? [];
    return { operation, variables, viewer: context.viewer, tokens };
  } catch {
    // What came is no token; who asks is told so where it is needed.
    return undefined;
  }
}

/** An operation that may be carried out, and the body that it came with. */
interface Task {
  readonly operation: KnownOperation;
  readonly given: Given;
  readonly body: Buffer;
}

async function execute(visit: Visit, { operation, given, body }: Task, leading: Leading | undefined): Promise<void> {
  const { operations, observer, logger } = visit.deps;
  try {
    const result = await operations.execute(operation, given);
    // Nothing was executed: a variable is wrong.
    if (result.data === undefined) return passOn(visit, body);
    const text = result.errors ? undefined : JSON.stringify(result);
    leading?.finish(text);
    if (text === undefined) await tellErrors(visit, result);
    else tell(visit, text);
    observer.answer(given.observation, result);
  } catch (error) {
    const result = { errors: [maskRequestError(error, logger)] };
    observer.answer(given.observation, result);
    await tellErrors(visit, result);
  } finally {
    leading?.finish(undefined);
  }
}

/** Carries a query out for itself and for all who ask the same meanwhile. */
function lead(visit: Visit, key: string, task: Task): Promise<void> {
  const { context } = task.given;
  return execute(
    visit,
    task,
    visit.deps.sharedAnswers.lead(key, () => context.upstreamCalls()),
  );
}

const someData = { data: {} };

/** Answers with what somebody is told who has just asked the same; where nothing of that can be shared, as if nobody had. */
async function follow(visit: Visit, question: Question, task: Task, answer: Promise<Buffer | undefined>) {
  const bytes = await answer;
  const { operations, observer, sharedAnswers } = visit.deps;
  if (!bytes) return lead(visit, sharedAnswers.keyOf(question), task);
  const { operation, given } = task;
  operations.identify(operation, given);
  tell(visit, bytes);
  observer.answer(given.observation, someData);
}

function carryOut(visit: Visit, task: Task): Promise<void> {
  const question = questionOf(visit, task);
  if (!question) return execute(visit, task, undefined);
  const { sharedAnswers } = visit.deps;
  const key = sharedAnswers.keyOf(question);
  const shared = sharedAnswers.join(key);
  return shared === undefined ? lead(visit, key, task) : follow(visit, question, task, shared);
}

/** What a request asks for, if it may be answered here. */
function taskOf({ deps, request, door }: Visit, viewer: Viewer, body: Buffer): Task | undefined {
  const parameters = readParameters(body.toString());
  const operation = parameters && operationOf(deps, parameters.query, parameters.operationName);
  if (!operation) return undefined;
  const { signal, observation } = door;
  const upstreamTokens = deps.tokenReader?.read((header) => request.headers[header]);
  const context = createContext(deps.context, { viewer, upstreamTokens, signal });
  const given = { context, variables: parameters.variables, observation };
  return deps.operations.refusals(operation, given).length > 0 ? undefined : { operation, given, body };
}

function answer(visit: Visit, viewer: Viewer, body: Buffer): void {
  const cut = () => void visit.reply.destroy();
  try {
    const task = taskOf(visit, viewer, body);
    if (task) carryOut(visit, task).catch(cut);
    else passOn(visit, body);
  } catch {
    cut();
  }
}

function read(visit: Visit, viewer: Viewer): void {
  const { request, reply } = visit;
  readBody(request, { onBody: (body) => answer(visit, viewer, body), onGone: () => void reply.destroy() });
}

function enter(visit: Visit): void {
  const { deps, request, reply, door } = visit;
  const viewer = deps.authenticator.authenticate(request.headers.authorization);
  if (!(viewer instanceof Promise)) {
    read(visit, viewer);
    return;
  }
  viewer.then(
    (known) => read(visit, known),
    () => {
      door.observation.door = 'http';
      void deps.pipeline.answer(request, reply, door);
    },
  );
}

export function createFastDoor(deps: FastDoorDeps): FastDoor {
  return (request, reply) => {
    const type = suits(deps, request) ? acceptedType(request.headers.accept) : undefined;
    if (!type) return false;
    enter({ deps, request, reply, type, door: deps.requests.begin(reply, deps.observer.begin('fast')) });
    return true;
  };
}
