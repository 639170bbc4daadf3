import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';

export interface CallersOptions {
  readonly url: string;
  readonly key: string;
  /** Sockets, each with one call at a time. */
  readonly connections: number;
  /** Milliseconds from the start of one call to the start of the next on the same socket; at once when it is late. */
  readonly intervalMs: number;
}

/** Everybody who calls, each over a socket of their own. */
export interface Callers {
  /** Has all of them call again and again for so long; gives how many answers came. */
  call(milliseconds: number): Promise<number>;
  close(): Promise<void>;
}

const listed = 'query { faspex { packages(mailbox: ADMIN, first: 200) { nodes { packageId } } } }';

const one = `query ($packageId: String!) {
  faspex { package(packageId: $packageId) { id title status sizeBytes fileCount createdAt sender { name } } }
}`;

interface Answer {
  readonly data?: {
    readonly faspex?: {
      readonly packages?: { readonly nodes: readonly { readonly packageId: string }[] };
      readonly package?: { readonly title: string } | null;
    };
  };
}

async function ask(client: Client, options: CallersOptions, body: string): Promise<Answer> {
  const { statusCode, body: answer } = await client.request({
    ...{ method: 'POST', path: new URL(options.url).pathname, body },
    headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json' },
  });
  const text = await answer.text();
  if (statusCode !== 200) throw new Error(`the gateway has answered ${statusCode} ${text}`);
  return JSON.parse(text) as Answer;
}

async function listPackages(client: Client, options: CallersOptions): Promise<readonly string[]> {
  const { data } = await ask(client, options, JSON.stringify({ query: listed }));
  const ids = data?.faspex?.packages?.nodes.map(({ packageId }) => packageId) ?? [];
  // Who asks for the same at the same time shares one call to the source: here, all ask for something else.
  if (ids.length < options.connections) throw new Error(`there are only ${ids.length} packages`);
  return ids;
}

export async function connectCallers(options: CallersOptions): Promise<Callers> {
  const { origin } = new URL(options.url);
  const clients = Array.from({ length: options.connections }, () => new Client(origin));
  const [first] = clients;
  const packages = first ? await listPackages(first, options) : [];
  const bodies = packages.map((packageId) => JSON.stringify({ query: one, variables: { packageId } }));
  let next = 0;
  const callUntil = async (client: Client, begun: number, end: number) => {
    let answered = 0;
    for (let due = begun; due < end; due = Math.max(due + options.intervalMs, performance.now())) {
      await pause(Math.max(0, due - performance.now()));
      next = (next + 1) % bodies.length;
      const { data } = await ask(client, options, bodies[next] ?? '');
      if (typeof data?.faspex?.package?.title !== 'string') throw new Error('a package did not come');
      answered += 1;
    }
    return answered;
  };
  return {
    call: async (milliseconds) => {
      const begun = performance.now();
      const apart = options.intervalMs / clients.length;
      const counts = await Promise.all(
        clients.map((client, index) => callUntil(client, begun + index * apart, begun + milliseconds)),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}
