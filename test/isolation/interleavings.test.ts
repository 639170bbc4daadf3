import type { IncomingMessage, ServerResponse } from 'node:http';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTokenReader } from '../../src/context/upstream-tokens.ts';
import { createProgress, type Progress } from '../../src/progress/progress.ts';
import type { NodeSource } from '../../src/sources/node/source.ts';
import { SourceError } from '../../src/transport/source-error.ts';
import { serve } from '../helpers/serve.ts';
import { settings, silent } from '../progress/watched-node.ts';
import { openSource, viewerSettings } from '../sources/node/odd-node.ts';

const VIEWERS = ['ada', 'bob', 'carol', 'dan', 'eve', 'fay'] as const;
const IDS = ['t1', 't2'] as const;

interface Step {
  readonly viewer: (typeof VIEWERS)[number];
  /** Whether the source acts as the viewer, or is called with a token of theirs. */
  readonly actAs: 'viewer' | 'forward';
  readonly kind: 'read' | 'load' | 'write' | 'leave' | 'watch' | 'list';
  readonly id: (typeof IDS)[number];
  /** Turns of the event loop before the step, and before the node answers what it asks. */
  readonly pause: number;
}

const step = fc.record<Step>({
  viewer: fc.constantFrom(...VIEWERS),
  actAs: fc.constantFrom('viewer', 'forward'),
  kind: fc.constantFrom('read', 'read', 'load', 'load', 'write', 'leave', 'watch', 'list'),
  id: fc.constantFrom(...IDS),
  pause: fc.nat(6),
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((done) => setImmediate(done));
}

/** Who the token of a request is of: the name of a Basic one, or the user of a bearer one (aspera-node-api.md §1.3). */
function callerOf({ headers }: IncomingMessage): string {
  const [scheme, credential = ''] = headers.authorization?.split(' ') ?? [];
  const token = Buffer.from(credential, 'base64');
  if (scheme === 'Basic') return token.toString().split(':')[0] ?? '';
  const [payload = '{}'] = inflateSync(token).toString().split('\n');
  return (JSON.parse(payload) as { user_id: string }).user_id;
}

/** A node that says in every transfer for whom it was asked, some turns later, and refuses a token now and then. */
async function startTellTale(pauses: readonly number[]) {
  let requests = 0;
  const transfer = (id: string, caller: string) => ({
    ...{ id, status: 'running', bytes_transferred: requests },
    start_spec: { source_paths: [caller], direction: 'send' },
  });
  const answer = (request: IncomingMessage, response: ServerResponse, isRefused: boolean) => {
    const caller = callerOf(request);
    const [, id] = (request.url ?? '').split('?')[0]?.split('/ops/transfers/') ?? [];
    const link = `<http://node/ops/transfers?iteration_token=${requests}>; rel="next"`;
    const json = request.url?.startsWith('/info')
      ? { node_id: 'n1' }
      : id === undefined
        ? IDS.map((one) => transfer(one, caller))
        : transfer(id, caller);
    response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json', link });
    response.end(JSON.stringify(isRefused ? {} : json));
  };
  const server = await serve((request, response) => {
    requests += 1;
    const isRefused = requests % 11 === 0;
    request.resume();
    void turns(pauses[requests % pauses.length] ?? 0).then(() => answer(request, response, isRefused));
  });
  return { url: server.origin, close: server.close };
}

interface World {
  readonly viewer: NodeSource;
  readonly forward: NodeSource;
  readonly progress: Progress;
}

const HEADER = 'x-node-token';
const reader = createTokenReader([HEADER], 'ownership-key-0123456789');
const forwardSettings = { actAs: 'forward', tokenHeader: HEADER, tokenScheme: 'basic' };

/** The source of a step, and in whose name it is called. */
function callOf(world: World, { viewer, actAs }: Step) {
  const source = world[actAs];
  if (actAs === 'viewer') return { source, identity: source.identify({ subject: viewer }) };
  const token = reader.read(() => Buffer.from(`${viewer}:password`).toString('base64'))(HEADER);
  return { source, identity: source.identify(token && { token }) };
}

/** Whom a step was told of. Who hangs up is told of nobody, and neither is who meets two refusals in a row. */
async function take(world: World, step: Step): Promise<readonly string[]> {
  const { kind, id } = step;
  const { source, identity } = callOf(world, step);
  const aborter = new AbortController();
  const client = source.open({ identity, signal: aborter.signal });
  try {
    switch (kind) {
      case 'load': {
        const { transfer } = source.createLoaders(client);
        const found = await Promise.all([
          transfer.load(id),
          transfer.load(id),
          ...IDS.map((one) => transfer.load(one)),
        ]);
        return found.flatMap(({ sourcePaths }) => sourcePaths);
      }
      case 'write':
        return (await client.changeTransfer(id, { status: 'PAUSED' })).sourcePaths;
      case 'leave': {
        const left = client.transfer(id).catch(() => undefined);
        await turns(1);
        aborter.abort();
        return (await left)?.sourcePaths ?? [];
      }
      case 'watch': {
        const watch = world.progress.transfersOf(source, identity).watch({});
        const { value } = await watch.next();
        await watch.return();
        return value?.kind === 'change' ? value.value.sourcePaths : [];
      }
      case 'list': {
        const { transfers } = await client.transferFeed({ view: 'summary' });
        return transfers.flatMap((one) => (one instanceof SourceError ? [] : one.sourcePaths));
      }
      default:
        return (await client.transfer(id)).sourcePaths;
    }
  } catch (error) {
    if (error instanceof SourceError) return [];
    throw error;
  }
}

it('whatever many viewers do at the same time, each is told what the node said to them, by name or by token', async () => {
  let told = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const node = await startTellTale(steps.map(({ pause }) => pause));
      const patient = { circuitFailures: 1_000 };
      const viewer = openSource(node.url, { ...viewerSettings, ...patient });
      const forward = openSource(node.url, { ...forwardSettings, ...patient, name: 'paris' });
      const progress = createProgress({ settings, logger: silent });
      const taken = steps.map(async (one, index) => {
        await turns(one.pause + (index % 5));
        return { name: one.viewer, whom: await take({ viewer, forward, progress }, one) };
      });
      for (const { name, whom } of await Promise.all(taken)) {
        told += whom.length;
        expect(new Set([name, ...whom])).toEqual(new Set([name]));
      }
      await Promise.all([viewer, forward].map((source) => source.close()));
      await node.close();
    }),
    { numRuns: 25 },
  );
  expect(told).toBeGreaterThan(500);
}, 60_000);
