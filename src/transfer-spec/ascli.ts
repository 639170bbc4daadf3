import { quote } from './shell.ts';
import type { TransferSpec } from './transfer-spec.ts';

/** An address of IPv6 stands in brackets in a URL. */
const hostInUrl = (host: string) => (host.includes(':') ? `[${host}]` : host);

/** ascli wants to be told how to log in, unless the spec has a token. It reads a password from the environment. */
function loginOf({ json, token }: TransferSpec): readonly string[] {
  if (token !== undefined) return [];
  const { ssh_private_key_path: path, ssh_private_key: key } = json;
  if (typeof path === 'string' && path !== '') return [`--ssh-keys=${path}`];
  return [key === undefined ? '--password=@env:ASPERA_SCP_PASS' : '--ssh-keys=@env:ASPERA_SSH_KEY_FILE'];
}

/**
 * A command line of IBM's `ascli` that runs the spec, which it reads as JSON from standard input. It holds nothing
 * secret. Undefined where ascli cannot: it names all files at the start.
 */
export function renderAscli(spec: TransferSpec): string | undefined {
  if (spec.paths.length === 0) return undefined;
  const port = spec.sshPort === undefined ? '' : `:${spec.sshPort}`;
  const words = [
    'ascli',
    'server',
    spec.direction === 'SEND' ? 'upload' : 'download',
    `--url=ssh://${hostInUrl(spec.remoteHost)}${port}`,
    ...loginOf(spec),
    '--sources=@ts',
    '--ts=@json:@stdin:',
  ];
  return words.map(quote).join(' ');
}
