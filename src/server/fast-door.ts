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
import { readParameters } from './request-parameters.ts';
import type { BegunRequest, Requests } from './requests.ts';

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

function tell(visit: Visit, result: ExecutionResult): void {
  const { reply, type } = visit;
  if (result.errors) {
    void tellErrors(visit, result);
    return;
  }
  const text = JSON.stringify(result);
  reply.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(text) });
  reply.end(text);
}

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

async function execute(visit: Visit, operation: KnownOperation, given: Given, body: Buffer): Promise<void> {
  const { operations, observer, logger } = visit.deps;
  try {
    const result = await operations.execute(operation, given);
    // Nothing was executed: a variable is wrong.
    if (result.data === undefined) return passOn(visit, body);
    tell(visit, result);
    observer.answer(given.observation, result);
  } catch (error) {
    const result = { errors: [maskRequestError(error, logger)] };
    observer.answer(given.observation, result);
    await tellErrors(visit, result);
  }
}

async function answer(visit: Visit, viewer: Viewer): Promise<void> {
  const { deps, request, door } = visit;
  const body = await readBody(request);
  const parameters = readParameters(body.toString());
  const operation = parameters && operationOf(deps, parameters.query, parameters.operationName);
  if (!operation) return passOn(visit, body);
  const { signal, observation } = door;
  const upstreamTokens = deps.tokenReader?.read((header) => request.headers[header]);
  const context = createContext(deps.context, { viewer, upstreamTokens, signal });
  const given = { context, variables: parameters.variables, observation };
  if (deps.operations.refusals(operation, given).length > 0) return passOn(visit, body);
  return execute(visit, operation, given, body);
}

async function enter(visit: Visit): Promise<void> {
  const { deps, request, reply, door } = visit;
  let viewer: Viewer;
  try {
    viewer = await deps.authenticator.authenticate(request.headers.authorization);
  } catch {
    door.observation.door = 'http';
    void deps.pipeline.answer(request, reply, door);
    return;
  }
  // The client has gone before its request had come.
  await answer(visit, viewer).catch(() => reply.destroy());
}

export function createFastDoor(deps: FastDoorDeps): FastDoor {
  return (request, reply) => {
    const type = suits(deps, request) ? acceptedType(request.headers.accept) : undefined;
    if (!type) return false;
    void enter({ deps, request, reply, type, door: deps.requests.begin(reply, deps.observer.begin('fast')) });
    return true;
  };
}
