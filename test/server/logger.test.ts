import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/server/logger.ts';
import { SourceError } from '../../src/transport/source-error.ts';

const secret = 'swordfish-and-other-words';

/** What the logger writes for an object. */
function logged(fields: object): { readonly line: string; readonly [name: string]: unknown } {
  const lines: string[] = [];
  createLogger('trace', { write: (line) => void lines.push(line) }).error(fields, 'unexpected failure');
  expect(lines).toHaveLength(1);
  const [line = ''] = lines;
  return { ...JSON.parse(line), line };
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('an error in the log', () => {
  it('says what happened and where', () => {
    const error = thrownBy(() => (undefined as unknown as { name: string }).name);
    const { err } = logged({ err: error });
    expect(err).toMatchObject({ type: 'TypeError', message: expect.stringContaining("reading 'name'") });
    expect((err as { frames: string[] }).frames[0]).toContain('logger.test.ts');
  });

  it('does not quote the body that a source has sent, however deep the cause is', () => {
    const parsing = thrownBy(() => JSON.parse(`${secret} is no JSON`));
    const failure = new SourceError('SOURCE_BAD_ANSWER', 'london sent an answer that is not JSON.', {
      source: 'london',
      cause: parsing,
    });
    const { line, err } = logged({ err: new Error('a bug of the gateway', { cause: failure }) });
    expect((parsing as Error).message).toContain(secret.slice(0, 5));
    expect(line).not.toContain(secret.slice(0, 5));
    expect(err).toMatchObject({
      message: 'a bug of the gateway',
      cause: {
        type: 'SourceError',
        message: 'london sent an answer that is not JSON.',
        cause: { type: 'SyntaxError' },
      },
    });
    expect(logged({ err: parsing }).line).not.toContain(secret.slice(0, 5));
  });

  it('shows no members that a library has hung onto it', () => {
    const error = Object.assign(new Error('socket hang up'), {
      code: 'ECONNRESET',
      request: { headers: { authorization: secret } },
      body: secret,
      issues: [{ input: secret }],
    });
    const { line, err } = logged({ err: error });
    expect(line).not.toContain(secret);
    expect(err).toMatchObject({ code: 'ECONNRESET', message: 'socket hang up' });
  });

  it('shows no credential that its message has, nor the address of a source', () => {
    const token = Buffer.from(`node:${secret}`).toString('base64');
    const { line } = logged({ err: new TypeError(`"Basic ${token}" is no header for https://node.example:9092/info`) });
    expect(line).not.toContain(token);
    expect(line).not.toContain('node.example');
  });

  it('ends where an error is its own cause', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(logged({ err: error }).line.length).toBeLessThan(10_000);
  });

  it('can be something else than an error', () => {
    expect(logged({ err: secret })).toMatchObject({ err: { type: 'string' } });
  });
});

describe('a logged object', () => {
  it('has a mark in place of every member that holds a secret by its name', () => {
    const members = { authorization: secret, spec: { token: secret, deep: { password: secret } } };
    const { line } = logged({ ...members, accessToken: secret, user: { cookie: secret } });
    expect(line).not.toContain(secret);
    expect(line).toContain('[secret]');
  });

  it('has one in a list and however deep, and is shown no deeper than anybody reads', () => {
    const deep = (levels: number): object =>
      levels === 0 ? { token: secret, words: secret } : { on: deep(levels - 1) };
    const { line } = logged({ specs: [{ cookie: secret }, [{ key: secret }]], four: deep(4), twenty: deep(20) });
    expect(line).not.toMatch(new RegExp(`(?:cookie|key|token)":"${secret}`));
    expect(line.split(secret)).toHaveLength(2);
    expect(line).toContain('[deep]');
  });

  it('is left as it is', () => {
    const members = { authorization: secret, spec: { token: secret }, list: [{ key: secret }] };
    const before = structuredClone(members);
    logged(members);
    expect(members).toEqual(before);
  });
});
