import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../src/transport/source-error.ts';
import { type OddAnswer, openClient, openSource, startOddNode } from './odd-node.ts';

const running = { id: 't1', status: 'running' };

describe('one transfer', () => {
  test('is asked for by its id, whatever characters that has', async () => {
    const node = await startOddNode(() => ({ json: { ...running, id: 'a/b c' } }));
    const transfer = await openClient(node.url).transfer('a/b c');
    expect(transfer.transferId).toBe('a/b c');
    expect(node.requests[0]).toMatchObject({ method: 'GET', url: '/ops/transfers/a%2Fb%20c' });
  });

  test('is known to be the client’s or the server’s record once the node has told its own id', async () => {
    const sessions = [{ id: 's1', client_node_id: 'n1', server_node_id: 'n2' }];
    const start_spec = { direction: 'receive', endpoint: 'server' };
    const node = await startOddNode(({ url }) => ({
      json: url === '/info' ? { node_id: 'n1' } : { ...running, start_spec, sessions },
    }));
    const source = openSource(node.url);
    const client = source.open({ identity: source.identify(undefined) });
    expect((await client.transfer('t1')).side).toBe('SERVER');
    await source.check();
    expect((await client.transfer('t1')).side).toBe('CLIENT');
  });

  test('is asked for once more when the answer is empty', async () => {
    const node = await startOddNode((_request, count) => (count === 1 ? {} : { json: running }));
    await expect(openClient(node.url).transfer('t1')).resolves.toMatchObject({ status: 'RUNNING' });
    expect(node.requests).toHaveLength(2);
  });

  test('that stays empty is an error that is worth a later try', async () => {
    const node = await startOddNode(() => ({}));
    await expect(openClient(node.url).transfer('t1')).rejects.toMatchObject({
      code: 'SOURCE_BAD_ANSWER',
      retryable: true,
    });
    expect(node.requests).toHaveLength(2);
  });

  test.each([
    ['has no status', { id: 't1' }],
    ['counts in words', { ...running, bytes_transferred: 'many' }],
    ['is a list', [running]],
  ])('that %s is a bad answer', async (_name, json) => {
    const node = await startOddNode(() => ({ json }));
    await expect(openClient(node.url).transfer('t1')).rejects.toMatchObject({
      code: 'SOURCE_BAD_ANSWER',
      retryable: false,
    });
  });

  test('that the node does not know is not found, in the node’s words', async () => {
    const error = { code: 404, reason: 'Not Found', user_message: 'Transfer t1 not found' };
    const node = await startOddNode(() => ({ status: 404, json: { error } }));
    await expect(openClient(node.url).transfer('t1')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      vendorCode: '404',
      message: 'london does not have this: Transfer t1 not found.',
    });
  });

  test.each<[string, OddAnswer, string]>([
    [
      'an error in an answer of status 200',
      { json: { error: { code: '403', user_message: 'no' } } },
      'SOURCE_FORBIDDEN',
    ],
    [
      'a proxy’s page with status 200',
      { text: '<html>', headers: { 'content-type': 'text/html' } },
      'SOURCE_BAD_ANSWER',
    ],
    ['a proxy’s page with status 404', { status: 404, text: '<html>' }, 'NOT_FOUND'],
    ['a server that is not configured', { status: 500, json: { error: { code: 500 } } }, 'SOURCE_UNAVAILABLE'],
    ['a redirection', { status: 302, headers: { location: '/login' } }, 'SOURCE_BAD_ANSWER'],
    ['a second answer after the first', { text: '{"id":"t1"}HTTP/1.1 400 Bad Request' }, 'SOURCE_BAD_ANSWER'],
  ])('behind %s is told apart from one that does not exist', async (_name, answer, code) => {
    const node = await startOddNode(() => answer);
    await expect(openClient(node.url).transfer('t1')).rejects.toMatchObject({ code });
  });

  test('is read once for many who ask in one operation, each id by a call of its own, eight at a time', async () => {
    const node = await startOddNode(({ url }) => {
      const id = url.split('/').at(-1) ?? '';
      return id === 'bad' ? { status: 404 } : { json: { ...running, id } };
    });
    const source = openSource(node.url);
    const loaders = source.createLoaders(source.open({ identity: source.identify(undefined) }));
    const ids = [...Array.from({ length: 20 }, (_, index) => `t${index}`), 'bad', 't3'];
    const results = await Promise.allSettled(ids.map((id) => loaders.transfer.load(id)));
    expect(node.requests).toHaveLength(21);
    expect(results[3]).toEqual(results[21]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(results[20]).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
  });
});

describe('the feed of transfers', () => {
  const link = '<https://node:9092/ops/transfers?count=2&iteration_token=14405%3D71>; rel="next"';

  test('asks with what was wanted and nothing else', async () => {
    const node = await startOddNode(() => ({ json: [], headers: { link } }));
    const client = openClient(node.url);
    await client.transferFeed({});
    await client.transferFeed({
      iterationToken: '7',
      afterTime: new Date('2026-11-23T00:22:56.789Z'),
      activeOnly: false,
      count: 50,
      tag: 'aspera.xfer_id=x-1',
      view: 'summary',
      direction: 'RECEIVE',
    });
    expect(node.requests[0]?.url).toBe('/ops/transfers');
    expect(Object.fromEntries(new URL(node.requests[1]?.url ?? '', node.url).searchParams)).toEqual({
      iteration_token: '7',
      after_time: '2026-11-23T00:22:56Z',
      active_only: 'false',
      count: '50',
      tag: 'aspera.xfer_id=x-1',
      view: 'summary',
      direction: 'receive',
    });
    expect(node.requests[1]?.url).toContain('tag=aspera.xfer_id%3Dx-1');
  });

  test('tells where to go on', async () => {
    const node = await startOddNode(() => ({ json: [running], headers: { link } }));
    const feed = await openClient(node.url).transferFeed({});
    expect(feed.nextToken).toBe('14405=71');
    expect(feed.transfers).toMatchObject([{ transferId: 't1' }]);
  });

  test.each([
    ['there is no link', undefined],
    ['the link goes elsewhere', '<https://n/ops/transfers?iteration_token=3>; rel="prev"'],
    ['the link has no token', '<https://n/ops/transfers>; rel="next"'],
  ])('has no place to go on when %s', async (_name, header) => {
    const node = await startOddNode(() => ({ json: [], headers: header ? { link: header } : {} }));
    expect((await openClient(node.url).transferFeed({})).nextToken).toBeUndefined();
  });

  test('finds the next link among others', async () => {
    const header = '<https://n/x?iteration_token=1>; rel="prev", <https://n/x?iteration_token=2>; title="t"; rel=next';
    const node = await startOddNode(() => ({ json: [], headers: { link: header } }));
    expect((await openClient(node.url).transferFeed({})).nextToken).toBe('2');
  });

  test('keeps the good transfers when one cannot be read', async () => {
    const json = [running, { id: 't2' }, null, { ...running, id: 't4' }];
    const node = await startOddNode(() => ({ json, headers: { link } }));
    const { transfers } = await openClient(node.url).transferFeed({});
    expect(transfers.map((one) => (one instanceof SourceError ? one.code : one.transferId))).toEqual([
      't1',
      'SOURCE_BAD_ANSWER',
      'SOURCE_BAD_ANSWER',
      't4',
    ]);
  });

  test.each([
    ['an empty body', {}, true],
    ['an object', { json: { transfers: [] } }, false],
    ['null', { text: 'null' }, false],
  ])('is never taken for an empty list when the node sends %s', async (_name, answer, retryable) => {
    const node = await startOddNode(() => answer);
    await expect(openClient(node.url).transferFeed({})).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER', retryable });
  });

  test('is read once for several who ask the same at the same time', async () => {
    const node = await startOddNode(() => ({ json: [], headers: { link } }));
    const source = openSource(node.url);
    const ask = () => source.open({ identity: source.identify(undefined) }).transferFeed({});
    await Promise.all([ask(), ask(), ask()]);
    expect(node.requests).toHaveLength(1);
  });
});

describe('starting a transfer', () => {
  const spec = {
    direction: 'send',
    remote_host: 'tokyo',
    token: 'ATB3_secret_3BTA',
    tags: { aspera: { xfer_id: 'x' } },
  };

  test('sends the spec as it is', async () => {
    const node = await startOddNode(() => ({ json: { ...running, start_spec: { endpoint: 'client' } } }));
    await openClient(node.url).startTransfer(spec);
    expect(node.requests[0]).toMatchObject({ method: 'POST', url: '/ops/transfers', json: spec });
  });

  test('is waiting when the node gives nothing but the spec back', async () => {
    const node = await startOddNode(() => ({ json: { ...spec, id: 't9', target_rate_kbps: '500' } }));
    const transfer = await openClient(node.url).startTransfer(spec);
    expect(transfer).toMatchObject({
      transferId: 't9',
      status: 'WAITING',
      side: 'CLIENT',
      direction: 'SEND',
      targetRateKbps: 500,
      transferKey: 'x',
    });
    expect(JSON.stringify(transfer)).not.toContain('ATB3_secret');
  });

  test('is never tried again by itself', async () => {
    const node = await startOddNode(() => ({ status: 503 }));
    const starting = openClient(node.url, { retries: 3 }).startTransfer(spec);
    await expect(starting).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(node.requests).toHaveLength(1);
  });

  test('that gives no id back is a bad answer', async () => {
    const node = await startOddNode(() => ({ json: {} }));
    await expect(openClient(node.url).startTransfer(spec)).rejects.toMatchObject({ code: 'SOURCE_BAD_ANSWER' });
  });
});

describe('changing a transfer', () => {
  test('is a PUT, also to cancel it', async () => {
    const node = await startOddNode(() => ({ json: { id: 't1', status: 'canceled' } }));
    const transfer = await openClient(node.url).changeTransfer('t1', { status: 'CANCELED' });
    expect(transfer.status).toBe('CANCELED');
    expect(node.requests).toMatchObject([{ method: 'PUT', url: '/ops/transfers/t1', json: { status: 'canceled' } }]);
  });

  test('sends only what is to change, and reads the transfer when the answer is not one', async () => {
    const node = await startOddNode(({ method }) => ({ json: method === 'PUT' ? { id: 't1' } : running }));
    const client = openClient(node.url);
    const transfer = await client.changeTransfer('t1', { targetRateKbps: 5000, minRateKbps: 10, ratePolicy: 'FAIR' });
    expect(transfer.status).toBe('RUNNING');
    expect(node.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
    expect(node.requests[0]?.json).toEqual({ target_rate_kbps: 5000, min_rate_kbps: 10, rate_policy: 'fair' });
  });
});
