import { describe, expect, it } from 'vitest';
import { type AscpOptions, renderAscp } from '../../../src/transfer-spec/ascp.ts';
import { type JsonObject, readTransferSpec } from '../../../src/transfer-spec/transfer-spec.ts';
import { readReference } from '../openapi/reference.ts';

/** What IBM's own client made of a spec. */
interface Golden {
  readonly spec: JsonObject;
  readonly exec: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly file_list: string | null;
}

const { cases } = JSON.parse(readReference('ascp-args-golden.json')) as { cases: Record<string, Golden> };

const options: AscpOptions = {
  listFile: '{FILE}',
  keyFile: undefined,
  bypassKeyFile: '{SDK}/aspera_bypass_rsa.pem',
  destination: undefined,
  transferId: 'unused',
};

/** What the client adds for itself: no progress bar, and the certificate and key that it ships for HTTPS fallback. */
function withoutItsOwn(args: readonly string[]): readonly string[] {
  const own = new Set(['-q']);
  const ownWithValue = new Set(['-I', '-Y']);
  return args.filter(
    (word, index) => !own.has(word) && !ownWithValue.has(word) && !ownWithValue.has(args[index - 1] ?? ''),
  );
}

/**
 * Two oddities of the client are not wanted. `preserve_times` gives `-p true`, of which ascp would take `true` for a
 * path. And its newest version cannot render `http_fallback` at all: these two cases are of the one before.
 */
const withoutStrayTrue = (args: readonly string[]) =>
  args.filter((word, index) => !(word === 'true' && args[index - 1] === '-p'));

function withoutItsOwnVariable(env: Golden['env']) {
  const { ASPERA_TEST_REDIS_DISABLE: _own, ...others } = env;
  return others;
}

describe('the command line of ascp and that of IBM’s client', () => {
  it.each(Object.entries(cases))('are the same for %s', (_name, golden) => {
    const rendered = renderAscp(readTransferSpec(golden.spec), options);
    expect(rendered.program).toBe(golden.exec);
    expect(rendered.arguments).toEqual(withoutStrayTrue(withoutItsOwn(golden.args)));
    expect(Object.fromEntries(rendered.environment.map(({ name, value }) => [name, value]))).toEqual(
      withoutItsOwnVariable(golden.env),
    );
    expect(rendered.fileList?.join('\n') ?? null).toBe(golden.file_list);
  });

  it('were compared in every case, among them the two oddities', () => {
    expect(Object.keys(cases)).toHaveLength(44);
    expect(cases.preserve?.args).toContain('true');
    expect(Object.keys(cases).filter((name) => name.startsWith('http_fallback_'))).toHaveLength(3);
  });
});
