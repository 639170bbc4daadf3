import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { type GraphQLSchema, parse } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { type Context, createContext, resolvers, typeDefs } from './graph.ts';
import { HOST, type StartPeer, tokenOf } from './peer.ts';

interface Body {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** Compiles each document once. Nothing is validated: this is the bound of what compiling can give, not a server. */
function createCompiler(schema: GraphQLSchema) {
  const compiled = new Map<string, CompiledQuery>();
  const options = { disablingCapturingStackErrors: true };
  return ({ query, operationName }: Body): CompiledQuery => {
    const known = compiled.get(query);
    if (known) return known;
    const made = compileQuery(schema, parse(query), operationName, options);
    if (!isCompiledQuery(made)) throw new Error(JSON.stringify(made));
    compiled.set(query, made);
    return made;
  };
}

function readText(request: IncomingMessage, onText: (text: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => onText(Buffer.concat(chunks).toString()));
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

export const startGraphqlJit: StartPeer = async ({ port, upstream }) => {
  const compile = createCompiler(makeExecutableSchema<Context>({ typeDefs, resolvers }));
  const answer = async (text: string, token: string) => {
    const body: Body = JSON.parse(text);
    const { query, stringify } = compile(body);
    return stringify(await query({}, createContext(upstream, token), body.variables ?? {}));
  };
  createServer((request, response) => {
    readText(request, (text) => {
      answer(text, tokenOf(request.headers)).then(
        (found) => send(response, 200, found),
        (error: Error) => send(response, 500, JSON.stringify({ errors: [{ message: error.message }] })),
      );
    });
  }).listen(port, HOST);
};
