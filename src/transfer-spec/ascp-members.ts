import { addTags, isJsonObject, type JsonObject, type JsonValue } from './transfer-spec.ts';

type Members = Record<string, JsonValue | undefined>;

/** The three that `delete_source` stands for, and wins over (aspera-node-api.md §7). */
const removals = ['remove_after_transfer', 'remove_empty_directories', 'remove_empty_source_directory'];

function spellOutDeleteSource(members: Members): Members {
  const { delete_source } = members;
  if (delete_source === undefined) return members;
  const value = delete_source === true ? true : undefined;
  return { ...members, ...Object.fromEntries(removals.map((name) => [name, value])) };
}

/** Over a WebSocket there is neither an SSH port nor a UDP port, and no SSH host key to compare. */
function useWebSocket(members: Members): Members {
  if (members.wss_enabled !== true) return members;
  return { ...members, ssh_port: members.wss_port, fasp_port: undefined, sshfp: undefined };
}

/** Where one option of ascp has two parameters: tags before tags64, and the port that goes with the cipher. */
function decideBetweenTwo(members: Members): Members {
  const { http_fallback_port, https_fallback_port, cipher, tags, tags64, src_base, src_base64 } = members;
  const isSecure = https_fallback_port !== undefined && cipher !== 'none';
  return {
    ...members,
    http_fallback_port: isSecure ? undefined : http_fallback_port,
    https_fallback_port: isSecure || http_fallback_port === undefined ? https_fallback_port : undefined,
    tags64: tags === undefined ? tags64 : undefined,
    src_base64: src_base === undefined ? src_base64 : undefined,
  };
}

/** All processes of one transfer have the same id, or the servers take them for as many transfers. */
function nameTransfer(members: Members, transferId: string): Members {
  const { tags = {}, tags64 } = members;
  if (!isJsonObject(tags) || tags64 !== undefined || sessionsOf(members) < 2) return members;
  const aspera = isJsonObject(tags.aspera) ? tags.aspera : {};
  if (typeof aspera.xfer_id === 'string') return members;
  return { ...members, tags: addTags(tags, { aspera: { xfer_id: transferId } }) };
}

/** Arguments for an external ssh are for nothing without it. */
const useExternalSsh = (members: Members): Members =>
  members.ssh_args === undefined ? members : { ...members, use_system_ssh: true };

/** `dnat://user:password@host`: the part up to the user, the password, and the rest. The last @ ends the password. */
const proxyWithPassword = /^(dnats?:\/\/[^:@/]*):(.*)(@[^@]*)$/s;

/** The proxy as a command line may show it, and the password that was in it. */
export function splitProxy(proxy: JsonValue | undefined): { proxy: JsonValue | undefined; password?: string } {
  if (typeof proxy !== 'string') return { proxy };
  const [, start, password, end] = proxyWithPassword.exec(proxy) ?? [];
  return password === undefined ? { proxy } : { proxy: `${start}${end}`, password };
}

/** How many processes of ascp run the transfer. */
export function sessionsOf({ multi_session }: Members): number {
  return typeof multi_session === 'number' && multi_session > 1 ? multi_session : 1;
}

/**
 * The members of a spec with what IBM's client decides before it makes a command line of them (aspera-node-api.md
 * §7.1).
 * @param transferId what a transfer of several processes is called that has no id yet
 */
export function membersForAscp(json: JsonObject, transferId: string): Readonly<Members> {
  const members = useExternalSsh(decideBetweenTwo(useWebSocket(spellOutDeleteSource(json))));
  return { ...nameTransfer(members, transferId), proxy: splitProxy(json.proxy).proxy };
}
