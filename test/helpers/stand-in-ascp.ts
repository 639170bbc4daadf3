import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runDesktopClient } from '../../simulators/node/protocol/desktop-client.ts';

// What IBM's ascp does with its arguments and environment, as far as the tests go, over the protocol of the simulated
// nodes. Like ascp it wants a key or a password to log in, and ends with a code of its error table.

const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mode: text,
    host: text,
    user: text,
    policy: text,
    overwrite: text,
    tags64: text,
    dest64: { type: 'boolean' },
    'precalculate-job-size': { type: 'boolean' },
    'source-prefix64': text,
    'file-list': text,
    'file-pair-list': text,
    sshPort: { ...text, short: 'P' },
    faspPort: { ...text, short: 'O' },
    targetRate: { ...text, short: 'l' },
    minRate: { ...text, short: 'm' },
    cipher: { ...text, short: 'c' },
    resume: { ...text, short: 'k' },
    fallback: { ...text, short: 'y' },
    key: { ...text, short: 'i' },
    createFolder: { type: 'boolean', short: 'd' },
  },
});

const { ASPERA_SCP_TOKEN: token, ASPERA_SCP_PASS: password, ASPERA_SCP_COOKIE: cookie } = process.env;

const decoded = (value: string | undefined) => Buffer.from(value ?? '', 'base64').toString();

function fail(code: number, message: string): never {
  process.stderr.write(`ascp: ${message}\n`);
  process.exit(code);
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

function readPaths() {
  const { 'file-list': list, 'file-pair-list': pairs } = values;
  if (list !== undefined) return linesOf(list).map((source) => ({ source }));
  const lines = linesOf(pairs ?? fail(8, 'no list of files'));
  return lines.flatMap((source, index) => (index % 2 === 0 ? [{ source, destination: lines[index + 1] }] : []));
}

const [destination = '', ...others] = positionals;
if (others.length > 0 || !values.dest64) fail(8, 'one destination is expected, in base64');
if (values.key !== undefined && !existsSync(values.key)) fail(19, `there is no key ${values.key}`);
if (values.key === undefined && password === undefined) fail(19, 'Password: there is nobody to ask');

const isUpload = values.mode === 'send';
const folder = decoded(destination);
const local = (path: string) => (isUpload ? resolve(path) : path);

const result = await runDesktopClient(
  {
    direction: isUpload ? 'send' : 'receive',
    remote_host: values.host,
    remote_user: values.user,
    ...(values.sshPort === undefined ? {} : { ssh_port: Number(values.sshPort) }),
    ...(token === undefined ? { remote_password: password } : { token }),
    ...(cookie === undefined ? {} : { cookie }),
    ...(values.tags64 === undefined ? {} : { tags: JSON.parse(decoded(values.tags64)) }),
    ...(isUpload ? { destination_root: folder } : {}),
    paths: readPaths().map((path) => ({ ...path, source: local(path.source) })),
  },
  isUpload ? '/' : resolve(folder),
);
if (result.status !== 'completed') fail(result.errorCode, result.errorDescription);
