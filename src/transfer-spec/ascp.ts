import { commandOf } from './ascp-command.ts';
import type { AscpInvocation, EnvironmentVariable } from './ascp-invocation.ts';
import { membersForAscp, sessionsOf, splitProxy } from './ascp-members.ts';
import { base64 } from './parameter.ts';
import { parameterEntries } from './parameters.ts';
import { quote } from './shell.ts';
import { InvalidTransferSpec, type JsonObject, type TransferPath, type TransferSpec } from './transfer-spec.ts';
import { refusalOf, validateTransferSpec } from './validate.ts';

export interface AscpOptions {
  /** Name of the file that the client writes the list of files to. */
  readonly listFile: string;
  /** SSH key on the client’s machine; used in place of `bypassKeyFile`, also without a token. */
  readonly keyFile: string | undefined;
  /** The key that proves nothing by itself, with which ascp opens a session for a token. */
  readonly bypassKeyFile: string | undefined;
  /** In place of the spec’s own: where a download goes is for the client to say. */
  readonly destination: string | undefined;
  /** What a transfer of several processes is called that has no id yet. */
  readonly transferId: string;
}

/** What can be rendered: the spec with the destination and the key in force. */
function specFor({ json: given }: TransferSpec, { destination, keyFile }: AscpOptions): JsonObject {
  const { ssh_private_key_path, ...others } = given;
  const json = {
    ...(keyFile === undefined ? given : others),
    ...(destination === undefined ? {} : { destination_root: destination }),
  };
  const refusal = refusalOf(validateTransferSpec(json, 'DIRECT'));
  if (refusal === undefined) return json;
  throw new InvalidTransferSpec(`ascp cannot run this spec. ${refusal}`);
}

function environmentOf(json: JsonObject): readonly EnvironmentVariable[] {
  // ASPERA_SCP_PASS is for the password or for the passphrase of a key; there is never need for both.
  const byName = new Map<string, string>();
  for (const [name, { variable }] of parameterEntries) {
    const value = json[name];
    if (variable !== undefined && typeof value === 'string') byName.set(variable, value);
  }
  const { password } = splitProxy(json.proxy);
  if (password !== undefined) byName.set('ASPERA_PROXY_PASS', password);
  return [...byName].map(([name, value]) => ({ name, value }));
}

/** With a token, ascp still opens an SSH session, for which the server knows a public key of its own. */
function loginOf(json: JsonObject, { keyFile, bypassKeyFile }: AscpOptions) {
  if (json.wss_enabled === true) return { arguments: ['--ws-connect'], needsKey: false };
  const hasCredential = ['remote_password', 'ssh_private_key', 'ssh_private_key_path'].some(
    (name) => json[name] !== undefined,
  );
  const key = keyFile ?? (json.token !== undefined && !hasCredential ? bypassKeyFile : undefined);
  return { arguments: key === undefined ? [] : ['-i', key], needsKey: key === undefined && !hasCredential };
}

const isComplete = (path: TransferPath): path is { source: string; destination: string } =>
  path.source !== undefined && path.destination !== undefined;

/** Sources line by line, or source and destination in turn where every path has both. */
function listOf(paths: readonly TransferPath[]) {
  if (paths.length === 0) return { lines: undefined, option: [] };
  if (paths.every(isComplete)) {
    return { lines: paths.flatMap(({ source, destination }) => [source, destination]), option: ['--file-pair-list'] };
  }
  return { lines: paths.map(({ source }) => source ?? ''), option: ['--file-list'] };
}

/** The last argument. Without a folder of the spec: the top of a server, or the folder in which ascp runs. */
function destinationOf({ destination_root, direction, use_ascp4 }: JsonObject): readonly string[] {
  const fallback = direction === 'receive' ? '.' : '/';
  const folder = typeof destination_root === 'string' && destination_root !== '' ? destination_root : fallback;
  return [use_ascp4 === true ? folder : base64(folder)];
}

function refuseNul(values: readonly string[]): void {
  if (values.some((value) => value.includes('\0'))) {
    throw new InvalidTransferSpec('The spec holds a NUL character, which no argument of a program can hold.');
  }
}

/**
 * Renders a spec as IBM's own client does (aspera-node-api.md §7.1), but for what belongs to that client itself. Two of
 * its oddities are not copied: `-p true` for `preserve_times`, and that its newest version fails over `http_fallback`.
 * @throws InvalidTransferSpec when ascp could not run it
 */
export function renderAscp(spec: TransferSpec, options: AscpOptions): AscpInvocation {
  const json = specFor(spec, options);
  const members = membersForAscp(json, options.transferId);
  const login = loginOf(json, options);
  const { lines, option } = listOf(spec.paths);
  const given = parameterEntries.flatMap(([name, { ascp }]) => {
    const value = members[name];
    return ascp === undefined || value === undefined ? [] : ascp(value);
  });
  const invocation = {
    program: json.use_ascp4 === true ? ('ascp4' as const) : ('ascp' as const),
    arguments: [
      ...login.arguments,
      ...given,
      ...(json.use_ascp4 === true ? [] : ['--dest64']),
      ...option.map((name) => `${name}=${options.listFile}`),
      ...destinationOf(json),
    ],
    sessions: sessionsOf(members),
    environment: environmentOf(json),
    fileList: lines,
    needsKey: login.needsKey,
  };
  const { environment } = invocation;
  refuseNul([...invocation.arguments, ...(lines ?? []), options.listFile, ...environment.map(({ value }) => value)]);
  return {
    ...invocation,
    exports: environment.map(({ name, value }) => `export ${name}=${quote(value)}\n`).join(''),
    command: commandOf(invocation, options.listFile),
  };
}
