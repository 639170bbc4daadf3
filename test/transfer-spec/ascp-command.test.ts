import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { quote, quoteAll } from '../../src/transfer-spec/shell.ts';
import { render } from './specs.ts';

/** What a program can be given: any text without NUL. */
const word = fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', ''));

/** Runs a line as a script does. */
const sh = (line: string, options: { cwd?: string; env?: Record<string, string> } = {}) =>
  spawnSync('sh', ['-c', line], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: process.env.PATH, ...options.env },
    encoding: 'utf8',
  });

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ascp-command-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A folder for PATH with an `ascp` that writes down what it was given, one file for each process. */
function recordingAscp(exitCode = '0'): string {
  const bin = folder();
  const script = `#!/bin/sh
{ printf '%s\\n' "$ASPERA_SCP_TOKEN"; for word; do printf '%s\\0' "$word"; done; } >"record$1"
exit ${exitCode}
`;
  writeFileSync(join(bin, 'ascp'), script);
  chmodSync(join(bin, 'ascp'), 0o755);
  return bin;
}

const recorded = (path: string) => {
  const [token, rest = ''] = readFileSync(path, 'utf8').split(/\n(.*)/s);
  return { token, words: rest.split('\0').slice(0, -1) };
};

describe('a text in quotes', () => {
  it('is itself to a shell, whatever it is', () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(sh(`printf %s ${quote(text)}`).stdout).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('is one of several words', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (texts) => {
        expect(sh(`printf '%s\\0' ${quoteAll(texts)}`).stdout).toBe(texts.map((text) => `${text}\0`).join(''));
      }),
      { numRuns: 40 },
    );
  });

  it('stays bare where it can, to be read by people', () => {
    expect(quoteAll(['--mode', 'send', '/a/b.txt', 'L3Vw==', ''])).toBe("--mode send /a/b.txt L3Vw== ''");
    expect(quoteAll(['=ls', "it's", '$HOME', '~'])).toBe("'=ls' 'it'\\''s' '$HOME' '~'");
  });
});

describe('the command of ascp', () => {
  it('names the variables, writes the list, and runs ascp', () => {
    const { command } = render({ token: 't', paths: [{ source: 'a b' }, { source: "it's" }] });
    expect(command).toBe(
      `: "\${ASPERA_SCP_TOKEN?}" && export ASPERA_SCP_TOKEN && printf '%s\\n' 'a b' 'it'\\''s' >list.txt && ` +
        'ascp --mode send --host tokyo.example.com --user xfer --dest64 --file-list=list.txt L2lu',
    );
  });

  it('gives a real shell the list and the arguments, for any paths', () => {
    const bin = recordingAscp();
    const path = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 40 })
      .map((text) => `p${text.replaceAll(/[\0\r\n]/g, '')}`);
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 5 }), word, (sources, user) => {
        const cwd = folder();
        const members = { paths: sources.map((source) => ({ source })), remote_user: `u${user}`, token: 't' };
        const invocation = render(members, { listFile: 'a list.txt' });
        const env = { PATH: `${bin}:${process.env.PATH}`, ASPERA_SCP_TOKEN: 'from the environment' };
        const { status, stderr } = sh(invocation.command, { cwd, env });
        expect(stderr).toBe('');
        expect(status).toBe(0);
        expect(readFileSync(join(cwd, 'a list.txt'), 'utf8')).toBe(sources.map((source) => `${source}\n`).join(''));
        const record = recorded(join(cwd, 'record--mode'));
        expect(record).toEqual({ token: 'from the environment', words: invocation.arguments });
      }),
      { numRuns: 25 },
    );
  });

  it('finds in the exports what it needs', () => {
    const cwd = folder();
    const token = "it's a $TOKEN\nof two lines ";
    const { command, exports } = render({ token });
    const env = { PATH: `${recordingAscp()}:${process.env.PATH}` };
    expect(sh(`${exports}printf %s "$ASPERA_SCP_TOKEN"`).stdout).toBe(token);
    expect(sh(`${exports}${command}`, { cwd, env }).status).toBe(0);
    expect(recorded(join(cwd, 'record--mode')).words.at(-1)).toBe('L2lu');
  });

  it('runs nothing while a variable is missing', () => {
    const cwd = folder();
    const env = { PATH: `${recordingAscp()}:${process.env.PATH}` };
    const { status, stderr } = sh(render({ token: 't' }).command, { cwd, env });
    expect(status).not.toBe(0);
    expect(stderr).toContain('ASPERA_SCP_TOKEN');
    expect(sh('ls', { cwd }).stdout).toBe('');
  });

  it('starts as many processes as the spec says, each with its number', () => {
    const cwd = folder();
    const invocation = render({ multi_session: 3 });
    const env = { PATH: `${recordingAscp()}:${process.env.PATH}` };
    expect(sh(invocation.command, { cwd, env }).status).toBe(0);
    for (const number of [1, 2, 3]) {
      const { words } = recorded(join(cwd, `record-C${number}:3`));
      expect(words).toEqual([`-C${number}:3`, ...invocation.arguments]);
    }
  });

  it('fails with the code of a process that fails', () => {
    const env = (code: string) => ({ PATH: `${recordingAscp(code)}:${process.env.PATH}` });
    expect(sh(render().command, { cwd: folder(), env: env('4') }).status).toBe(4);
    const second = '$(case $1 in -C2:3) echo 19;; *) echo 0;; esac)';
    expect(sh(render({ multi_session: 3 }).command, { cwd: folder(), env: env(second) }).status).toBe(19);
  });
});
