import { createProgress } from '../../src/progress/progress.ts';
import { type OddAnswer, openSource, startOddNode } from '../sources/node/odd-node.ts';
import { createMovableClock, settings, silent, until } from './watched-node.ts';

type Item = Readonly<Record<string, unknown>>;

export const running = (id: string, bytes = 0) => ({ id, status: 'running', bytes_transferred: bytes });

/** A node whose feed a test writes: tokens count its items from `base` on, and a page holds `pageSize`. */
export async function startFeed({ pageSize = 100 } = {}) {
  const feed = {
    ...{ items: [] as Item[], base: 1_000, pageSize, link: true, info: { status: 200 } as OddAnswer },
    /** What waits or runs, when the node is asked for just that. */
    active: [] as Item[],
    /** Called when a page that is not empty has been read. */
    afterPage: (): void => undefined,
    /** The answer to a look-up of one transfer. */
    single: (_id: string): OddAnswer => ({ status: 404, json: { error: { code: 404, reason: 'Not Found' } } }),
  };
  const reads: number[] = [];
  const page = (url: URL): OddAnswer => {
    const token = url.searchParams.get('iteration_token');
    const from = token === null ? 0 : Math.min(feed.items.length, Math.max(0, Number(token) - feed.base));
    const json = feed.items.slice(from, from + feed.pageSize);
    reads.push(json.length);
    const link = `<http://node/ops/transfers?iteration_token=${feed.base + from + json.length}>; rel="next"`;
    if (json.length > 0) feed.afterPage();
    return { json, ...(feed.link ? { headers: { link } } : {}) };
  };
  const node = await startOddNode((request) => {
    const url = new URL(request.url, 'http://node');
    if (url.pathname === '/info') {
      return { json: { node_id: 'n1', current_time: new Date().toISOString() }, ...feed.info };
    }
    const [, id] = url.pathname.split('/ops/transfers/');
    if (id !== undefined) return feed.single(id);
    return url.searchParams.has('active_only') ? { json: feed.active } : page(url);
  });
  const clock = createMovableClock();
  const source = openSource(node.url, { circuitFailures: 1_000 });
  const progress = createProgress({ settings, logger: silent, now: clock.now });
  const asked = (what: string) => node.requests.filter(({ url }) => url.includes(what)).length;
  /** Waits until the feed has been read so many times more. */
  const polled = async (times: number) => {
    const before = reads.length;
    await until(() => reads.length).toBeGreaterThanOrEqual(before + times);
  };
  const topic = progress.transfersOf(source, source.identify(undefined));
  return { feed, node, asked, polled, reads, clock, source, progress, topic };
}
