import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTransfer } from '../../../src/sources/node/read-transfer.ts';
import { transfer } from '../../../src/sources/node/wire/transfer.ts';
import type { JsonObject } from '../../../src/transfer-spec/transfer-spec.ts';

const read = (json: JsonObject, nodeId?: string) => {
  const whole: JsonObject = { id: 't1', status: 'running', ...json };
  const spec = whole.start_spec;
  return readTransfer(transfer(whole), (spec as JsonObject | undefined) ?? {}, nodeId);
};

const ready = (bytes: number, files = 1): JsonObject => ({
  status: 'ready',
  bytes_expected: bytes,
  files_expected: files,
});

describe('the status of a transfer', () => {
  test.each([
    ['waiting', 'WAITING'],
    ['running', 'RUNNING'],
    ['paused', 'PAUSED'],
    ['partially_completed', 'PARTIALLY_COMPLETED'],
    ['completed', 'COMPLETED'],
    ['failed', 'FAILED'],
    ['canceled', 'CANCELED'],
    ['cancelled', 'CANCELED'],
    ['hibernating', 'UNKNOWN'],
  ])('%s is %s, and the node’s word stays beside it', (word, status) => {
    expect(read({ status: word })).toMatchObject({ status, vendorStatus: word });
  });

  test.each([0, '0'])('failed with code %j and no sentence is complete, with a warning', (error_code) => {
    const answer = read({ status: 'failed', error_code, error_desc: '' });
    expect(answer).toMatchObject({ status: 'COMPLETED', vendorStatus: 'failed', progress: 1, error: undefined });
    expect(answer.warning).toContain('failed');
  });

  test('failed with a sentence has failed, whatever the code', () => {
    const answer = read({ status: 'failed', error_code: 0, error_desc: 'boom' });
    expect(answer).toMatchObject({ status: 'FAILED', warning: undefined });
    expect(answer.error).toMatchObject({ code: 0, name: 'UNKNOWN', retryable: false, description: 'boom' });
  });

  test('a running transfer whose sessions have all ended is being tried again', () => {
    const session = (status: string) => ({ id: status, status });
    expect(read({ sessions: [session('failed')] }).retrying).toBe(true);
    expect(read({ sessions: [session('failed'), session('running')] }).retrying).toBe(false);
    expect(read({ status: 'partially_completed', sessions: [session('failed')] }).retrying).toBe(true);
    expect(read({ status: 'completed', sessions: [session('completed')] }).retrying).toBe(false);
  });
});

describe('the error of a transfer', () => {
  test.each([
    [4, 'NO_SUCH_FILE', false],
    ['13', 'TRANSFER_TIMEOUT', true],
    [40, 'DATA_TRANSFER_TIMEOUT', true],
    [66, 'PEER_REQUIRES_FIPS', false],
    [999, 'UNKNOWN', false],
  ])('has the name and nature of code %j', (error_code, name, retryable) => {
    const { error } = read({ status: 'failed', error_code, error_desc: 'oh' });
    expect(error).toMatchObject({ code: Number(error_code), name, retryable, description: 'oh' });
    expect(error?.advice).toMatch(/^[A-Z].+\.$/);
  });

  test('is not worth repeating when the address does not exist, unlike other broken connections', () => {
    const errorOf = (error_desc: string) => read({ status: 'failed', error_code: 14, error_desc }).error;
    expect(errorOf('Connection refused')?.retryable).toBe(true);
    expect(errorOf('Target address not available')?.retryable).toBe(false);
  });

  test('is the same advice for a person in a transfer, its session and its file', () => {
    const failed = { status: 'failed', error_code: 25, error_desc: 'No space left on device' };
    const answer = read({ ...failed, sessions: [{ id: 's1', ...failed }], files: [{ path: '/a', ...failed }] });
    const advice = 'Free space or raise the quota at the destination.';
    expect([answer, answer.sessions[0], answer.files[0]].map((one) => one?.error?.advice)).toEqual(
      Array(3).fill(advice),
    );
  });

  test('is not there when the node writes that there is none', () => {
    expect(read({ error_code: 0, error_desc: 'No error' }).error).toBeUndefined();
    expect(read({ error_code: null, error_desc: null }).error).toBeUndefined();
  });

  test('comes from the last failed session when the transfer itself names none', () => {
    const sessions = [
      { id: 's1', status: 'failed', error_code: 16, error_desc: 'lost' },
      { id: 's2', status: 'failed', error_code: 26, error_desc: 'read only' },
    ];
    expect(read({ status: 'failed', error_desc: 'gone', sessions }).error).toMatchObject({ name: 'READ_ONLY_FS' });
  });
});

describe('the progress of a transfer', () => {
  test('is what has been transferred of what the node calculated', () => {
    expect(read({ bytes_transferred: 250, precalc: ready(1000, 4) })).toMatchObject({
      progress: 0.25,
      bytesExpected: 1000,
      filesExpected: 4,
    });
  });

  test.each([
    ['is not calculated yet', { status: 'not_ready', bytes_expected: 1000 }],
    ['is switched off', { enabled: false, status: 'ready', bytes_expected: 0 }],
    ['is empty', ready(0)],
    ['is missing', null],
  ])('is unknown while the size %s', (_name, precalc) => {
    expect(read({ bytes_transferred: 250, precalc }).progress).toBeUndefined();
  });

  test('counts files that were there already', () => {
    const files = [
      { id: 'f1', path: '/a', status: 'completed', size: 600, bytes_written: 0 },
      { id: 'f2', path: '/b', status: 'transferring', size: 400, bytes_written: 100 },
    ];
    expect(read({ bytes_transferred: 100, precalc: ready(1000, 2), files }).progress).toBe(0.7);
  });

  test('takes the expectation of a single session for that of the transfer, never that of one among several', () => {
    const session = { id: 's1', status: 'running', precalc: ready(1000) };
    expect(read({ bytes_transferred: 100, sessions: [session] }).progress).toBe(0.1);
    expect(read({ bytes_transferred: 100, sessions: [session, { ...session, id: 's2' }] }).progress).toBeUndefined();
  });

  test('is 1 exactly when the transfer is complete, and never beyond, whatever the counters say', () => {
    const amount = fc.oneof(fc.integer({ min: -5, max: 3000 }), fc.constant(null), fc.integer().map(String));
    const status = fc.constantFrom(
      'waiting',
      'running',
      'paused',
      'partially_completed',
      'completed',
      'failed',
      'canceled',
    );
    fc.assert(
      fc.property(status, amount, amount, amount, (word, transferred, expected, size) => {
        const files = [{ path: '/a', status: 'completed', size }];
        const precalc = { status: 'ready', bytes_expected: expected };
        const answer = read({ status: word, error_code: 4, bytes_transferred: transferred, precalc, files });
        expect(answer.progress === 1).toBe(answer.status === 'COMPLETED');
        if (answer.progress !== undefined) {
          expect(answer.progress).toBeGreaterThanOrEqual(0);
          expect(answer.progress).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('the numbers and times of a transfer', () => {
  test('are undefined where the node says null, and zero bytes where nothing has been moved', () => {
    const answer = read({ status: 'waiting', start_time_usec: null, end_time_usec: null, elapsed_usec: null });
    expect(answer).toMatchObject({
      startedAt: undefined,
      endedAt: undefined,
      elapsedMs: undefined,
      bytesTransferred: 0,
      bytesWritten: undefined,
      currentRateKbps: undefined,
    });
  });

  test('are milliseconds and dates instead of microseconds', () => {
    const answer = read({ start_time_usec: 1_700_000_000_123_456, elapsed_usec: 1_500_400 });
    expect(answer.startedAt?.toISOString()).toBe('2023-11-14T22:13:20.123Z');
    expect(answer.elapsedMs).toBe(1500);
  });

  test('are those of the running sessions where they are of this moment', () => {
    const session = { status: 'running', calc_rate_kbps: 400, target_rate_kbps: 800 };
    const sessions = [
      { ...session, id: 's1' },
      { ...session, id: 's2', calc_rate_kbps: 150.5 },
      { ...session, id: 's3', status: 'completed', calc_rate_kbps: 9000 },
    ];
    const answer = read({ sessions, start_spec: { target_rate_kbps: '1000' } });
    expect(answer).toMatchObject({ currentRateKbps: 550.5, targetRateKbps: 800 });
    expect(read({ start_spec: { target_rate_kbps: '1000' } }).targetRateKbps).toBe(1000);
  });
});

describe('a session', () => {
  test('tells everything that the node counts', () => {
    const session = {
      ...{ id: 's1', status: 'running', client_node_id: 'here', server_node_id: 'there', stalled: true },
      ...{ target_rate_kbps: 800, min_rate_kbps: 10, avg_rate_kbps: 300.5, network_delay_usec: 12_500 },
      ...{ retry_count: 2, retry_timeout: 3600, directories_completed: 4, elapsed_usec: 2_000_000 },
      precalc: { ...ready(1000, 4), directories_expected: 2, files_excluded: 1, files_special: 0, files_failed: 3 },
      source_statistics: {
        args_scan_attempted: 1,
        paths_scan_failed: 3,
        files_xfer_attempted: 7,
        files_xfer_noxfer: 5,
      },
    };
    expect(read({ sessions: [session] }).sessions).toMatchObject([
      {
        ...{ targetRateKbps: 800, minRateKbps: 10, averageRateKbps: 300.5, networkDelayMs: 12.5, stalled: true },
        ...{ retryCount: 2, retryTimeoutSeconds: 3600, directoriesCompleted: 4, elapsedMs: 2000 },
        precalculation: {
          bytesExpected: 1000,
          filesExpected: 4,
          directoriesExpected: 2,
          filesExcluded: 1,
          filesFailed: 3,
        },
        sourceStatistics: {
          argumentsScanAttempted: 1,
          pathsScanFailed: 3,
          filesTransferAttempted: 7,
          filesNotTransferred: 5,
        },
      },
    ]);
  });

  test('expects nothing while the node is counting, and has no statistics where the node has none', () => {
    const session = { id: 's1', status: 'running', precalc: { status: 'not_ready', bytes_expected: 0 } };
    const [answer] = read({ sessions: [session] }).sessions;
    expect(answer).toMatchObject({
      precalculation: undefined,
      sourceStatistics: undefined,
      retryTimeoutSeconds: undefined,
    });
  });
});

describe('which end a node is', () => {
  const sessions = [{ id: 's1', status: 'running', client_node_id: 'here', server_node_id: 'there' }];

  test('is what the spec says', () => {
    expect(read({ start_spec: { endpoint: 'client' } }).side).toBe('CLIENT');
    expect(read({ start_spec: { endpoint: 'server' } }).side).toBe('SERVER');
    expect(read({}).side).toBeUndefined();
  });

  test('is what the sessions say once the node’s own id is known', () => {
    const start_spec = { direction: 'receive', endpoint: 'server' };
    expect(read({ start_spec, sessions }, 'here').side).toBe('CLIENT');
    expect(read({ start_spec, sessions }, 'there').side).toBe('SERVER');
    expect(read({ start_spec, sessions }, 'elsewhere').side).toBe('SERVER');
  });
});

describe('what a transfer was started with', () => {
  const start_spec = {
    direction: 'receive',
    title: 'dailies',
    cookie: 'from-the-portal',
    remote_host: 'tokyo.example.com',
    remote_user: 'xfer',
    source_paths: ['/a', '/b'],
    destination_path: '/in',
    token: 'ATB3_ACsecret_3BTA',
    token_type: 'auth_token',
    remote_password: 'hunter2',
    proxy: 'dnat://proxyuser:proxypass@10.0.0.1:9091',
    tags: { aspera: { xfer_id: 'x-1', node: { access_key: 'ak1', secret: 'difference' } }, mine: [{ password: 'p' }] },
    sshfp: null,
  };

  test('is told without secrets, however deep they are', () => {
    const { spec, tags } = read({ start_spec });
    expect(spec).toMatchObject({
      token_type: 'auth_token',
      proxy: 'dnat://10.0.0.1:9091',
      remote_host: 'tokyo.example.com',
    });
    expect(JSON.stringify({ spec, tags })).not.toMatch(/secret|hunter2|proxypass|difference|"p"|sshfp/);
    expect(tags).toEqual({ aspera: { xfer_id: 'x-1', node: { access_key: 'ak1' } }, mine: [{}] });
  });

  test('is there in members of its own', () => {
    expect(read({ start_spec })).toMatchObject({
      direction: 'RECEIVE',
      title: 'dailies',
      cookie: 'from-the-portal',
      remoteHost: 'tokyo.example.com',
      remoteUser: 'xfer',
      sourcePaths: ['/a', '/b'],
      destinationPath: '/in',
    });
  });

  test('names the transfer on both nodes: by xfer_id, else by cookie', () => {
    expect(read({ start_spec }).transferKey).toBe('x-1');
    expect(read({ start_spec: { ...start_spec, tags: null } }).transferKey).toBe('from-the-portal');
    expect(read({}).transferKey).toBeUndefined();
  });
});
