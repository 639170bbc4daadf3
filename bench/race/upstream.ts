import { type AddressInfo, createServer, type Socket } from 'node:net';
import { answerQuestions } from '../kit/child.ts';
import { STRANGERS, upstreamToken } from './callers.ts';
import { type CannedAnswers, createCannedAnswers } from './canned-packages.ts';
import { createMessageParser } from './message-parser.ts';

/**
 * Faspex and a node in one process, by their own routes, with answers that were made before. It shares its core with the
 * load, so it speaks HTTP by hand: what it costs would be taken from the servers that are raced.
 */
type Question =
  | { readonly ask: 'start'; readonly jwks: object }
  | { readonly ask: 'calls' }
  /** Begins to note who asks for what. */
  | { readonly ask: 'watch' }
  | { readonly ask: 'seen' };

/** Requests since the start, by kind. */
export interface Calls {
  readonly list: number;
  readonly package: number;
  readonly files: number;
  /** Everything else that was answered: keys, health. */
  readonly other: number;
  /** Without the token of a caller, or for something that there is not. */
  readonly refused: number;
}

/** Who has asked for what since somebody began to watch, each thing once, e.g. `package 12` for caller 12. */
export interface Seen {
  readonly seen: readonly string[];
}

export interface Upstream {
  readonly pid: number;
  readonly faspexUrl: string;
  readonly nodeUrl: string;
  readonly jwksUrl: string;
  readonly packageIds: readonly string[];
  /** Bytes of one page of packages. */
  readonly listBytes: number;
}

const LATENCY_MS = 1;
const PREFIX = '/aspera/faspex';
const LIST = `${PREFIX}/api/v5/inbox_all/packages`;
const PACKAGE = `${PREFIX}/api/v5/packages/`;

const AUTHORIZATION = /\r\nauthorization: *(\S+) (\S+)/i;

type Kind = keyof Calls;

interface Reply {
  readonly kind: Kind;
  readonly status: string;
  readonly body: Buffer;
}

const ok = (kind: Kind, body: Buffer): Reply => ({ kind, status: '200 OK', body });

const refusal = (status: string, message: string): Reply => ({
  kind: 'refused',
  status,
  body: Buffer.from(JSON.stringify({ status: Number.parseInt(status, 10), code: '2027', message })),
});

const unauthenticated = refusal('401 Unauthorized', 'The token of the caller is missing.');
const notFound = refusal('404 Not Found', 'There is nothing here.');

/** The header `Date` tells seconds: it is made anew when they change. */
function createDateHeader(): () => string {
  let text = new Date().toUTCString();
  setInterval(() => {
    text = new Date().toUTCString();
  }, 500).unref();
  return () => text;
}

const dateHeader = createDateHeader();

function send(socket: Socket, { status, body }: Reply): void {
  if (socket.destroyed) return;
  socket.cork();
  socket.write(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nDate: ${dateHeader()}\r\nContent-Length: ${body.length}\r\n\r\n`,
    'latin1',
  );
  socket.write(body);
  socket.uncork();
}

const callers = new Map(Array.from({ length: STRANGERS }, (_, caller) => [upstreamToken(caller), caller]));

/** Whose token a request carries; undefined where it is nobody's, or under another scheme. */
function callerOf(head: string, scheme: string): number | undefined {
  const [, word = '', token = ''] = AUTHORIZATION.exec(head) ?? [];
  return word.toLowerCase() === scheme ? callers.get(token) : undefined;
}

let seen: Set<string> | undefined;

function note(kind: Kind, caller: number): void {
  seen?.add(`${kind} ${caller}`);
}

type Answer = (head: string, body: string) => Reply;

/** What Faspex says, and the issuer of the callers' tokens, which lives at the same address. */
function answerOfFaspex({ list, packages }: CannedAnswers, jwks: object): Answer {
  const page = ok('list', list);
  const single = new Map([...packages].map(([id, body]) => [`${PACKAGE}${id}`, ok('package', body)]));
  const open = new Map([
    ['/jwks.json', ok('other', Buffer.from(JSON.stringify(jwks)))],
    [`${PREFIX}/health`, ok('other', Buffer.from('{"core":{"connected":true}}'))],
  ]);
  return (head) => {
    const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
    const known = open.get(path);
    if (known) return known;
    const caller = callerOf(head, 'bearer');
    if (caller === undefined) return unauthenticated;
    const reply = path.startsWith(LIST) ? page : (single.get(path) ?? notFound);
    note(reply.kind, caller);
    return reply;
  };
}

interface PathsBody {
  readonly paths: readonly { readonly path: string }[];
}

const missingEntry = (path: string) => ({
  path,
  error: { code: 404, reason: 'Path not found', user_message: 'Path not found' },
});

/** Answers for the paths that were asked for. The same question has the same answer, which is made once. */
function answerOfNode({ entries }: CannedAnswers): Answer {
  const known = new Map<string, Reply>();
  const make = (body: string) => {
    const { paths } = JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as PathsBody;
    const found = paths.map(({ path }) => entries.get(path) ?? missingEntry(path));
    const reply = ok('files', Buffer.from(JSON.stringify({ paths: found })));
    known.set(body, reply);
    return reply;
  };
  return (head, body) => {
    const caller = callerOf(head, 'basic');
    if (caller === undefined) return unauthenticated;
    if (!head.startsWith('POST /files/info ')) return notFound;
    note('files', caller);
    return known.get(body) ?? make(body);
  };
}

const calls: Record<Kind, number> = { list: 0, package: 0, files: 0, other: 0, refused: 0 };

function serve(socket: Socket, answer: Answer): void {
  let head = '';
  let body = '';
  const parse = createMessageParser({
    head: (text) => {
      head = text;
      body = '';
    },
    body: (buffer, start, end) => {
      body += buffer.toString('latin1', start, end);
    },
    end: () => {
      const reply = answer(head, body);
      calls[reply.kind] += 1;
      setTimeout(send, LATENCY_MS, socket, reply);
    },
  });
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => parse(chunk, chunk.length));
  socket.on('error', () => socket.destroy());
}

async function listen(answer: Answer): Promise<string> {
  const server = createServer((socket) => serve(socket, answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(jwks: object): Promise<Upstream> {
  const canned = createCannedAnswers();
  const [faspex, node] = await Promise.all([listen(answerOfFaspex(canned, jwks)), listen(answerOfNode(canned))]);
  return {
    pid: process.pid,
    faspexUrl: `${faspex}${PREFIX}`,
    nodeUrl: node,
    jwksUrl: `${faspex}/jwks.json`,
    packageIds: canned.packageIds,
    listBytes: canned.list.length,
  };
}

answerQuestions<Question>(async (question) => {
  if (question.ask === 'start') return start(question.jwks);
  if (question.ask === 'calls') return { ...calls };
  const found = [...(seen ?? [])];
  seen = question.ask === 'watch' ? new Set() : undefined;
  return { seen: found } satisfies Seen;
});
