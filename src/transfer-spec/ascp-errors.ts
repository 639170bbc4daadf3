/**
 * The codes with which ascp ends, by number, as they appear in `error_code` of transfers, sessions and files: IBM's
 * name without its common prefix (aspera-node-api.md §7.1), and what a person should check or do, in our words.
 */
const table: readonly (readonly [name: string, advice: string])[] = [
  ['UNKNOWN', 'Read the log of the transfer on both servers: the program gave no reason of its own.'],
  ['FASP_PROTO', 'Check that both servers run versions that fit each other, and read their transfer logs.'],
  ['ASCP', 'Read the transfer log of the node that started it: the program failed as a whole.'],
  [
    'AMBIGUOUS_TARGET',
    'Give one existing folder as the destination, or let it be created, when several files are sent.',
  ],
  ['NO_SUCH_FILE', 'Check that the path is there and spelt as on the server, and that it is below the docroot.'],
  ['NO_PERMS', 'Give the transfer user the permission to read the source or to write the destination.'],
  ['NOT_DIR', 'Choose a destination that is a folder: something else has that name.'],
  ['IS_DIR', 'Choose another name for the file: a folder has that name.'],
  ['USAGE', 'Check the transfer spec: the program was started with settings that do not go together.'],
  ['LIC_DUP', 'Give each server a licence of its own: the same one is in use elsewhere.'],
  ['LIC_RATE_EXCEEDED', 'Ask for a lower target rate, or for a licence that allows this one.'],
  [
    'INTERNAL_ERROR',
    'Read the transfer log of both servers, and give it to the support of the vendor if it happens again.',
  ],
  ['TRANSFER_ERROR', 'Start it again; if it fails again, read the transfer log of both servers.'],
  [
    'TRANSFER_TIMEOUT',
    'Check that UDP port 33001 is open between the servers in both directions, then start it again.',
  ],
  [
    'CONNECTION_ERROR',
    'Check that the name of the server is right and that its SSH port (33001 or 22) can be reached.',
  ],
  ['CONNECTION_TIMEOUT', 'Check that a firewall lets the SSH port (33001 or 22) of the server through.'],
  ['CONNECTION_LOST', 'Check that the other server and the line are up, then start it again: it goes on where it was.'],
  ['RCVR_SEND_ERROR', 'Check that the firewall of the receiver lets UDP out, then start it again.'],
  ['RCVR_RECV_ERROR', 'Check that the firewall of the receiver lets UDP in on port 33001, then start it again.'],
  ['AUTH', 'Check the user and the password, key or token with which the server was logged in at.'],
  ['NOTHING', 'Name at least one file, or check the filters: nothing was left to be sent.'],
  ['NOT_REGULAR', 'Leave out devices, sockets and the like, or have them skipped.'],
  ['FILE_TABLE_OVR', 'Raise the limit of open files on the server.'],
  ['TOO_MANY_FILES', 'Raise the limit of open files for the transfer user, or start fewer transfers at a time.'],
  ['FILE_TOO_BIG', 'Use a destination whose file system takes files of this size.'],
  ['NO_SPACE_LEFT', 'Free space or raise the quota at the destination.'],
  ['READ_ONLY_FS', 'Choose a destination that can be written to, or mount it for writing.'],
  ['SOME_FILE_ERRS', 'Look at the files of the transfer: each that failed says why; the others have arrived.'],
  ['USER_CANCEL', 'Start it again if it was canceled by mistake.'],
  ['LIC_NOLIC', 'Install a licence on the server.'],
  ['LIC_EXPIRED', 'Renew the licence of the server.'],
  ['SOCK_SETUP', 'Check that the UDP port is free on the server and that its address is one of its own.'],
  ['OUT_OF_MEMORY', 'Start it again when the server has more memory free, or start fewer transfers at a time.'],
  ['THREAD_SPAWN', 'Start it again when the server is less busy, or raise its limit of processes.'],
  ['UNAUTHORIZED', 'Ask an administrator to allow transfers in this direction for the user or access key.'],
  ['DISK_READ', 'Check the storage of the source: a file could not be read to its end.'],
  ['DISK_WRITE', 'Check the storage of the destination: it did not take the bytes.'],
  ['AUTHORIZATION', 'Obtain a new transfer spec: its token has ended, or does not fit the paths of the transfer.'],
  ['LIC_ILLEGAL', 'Install a valid licence: the one on the server does not work for this transfer.'],
  ['PEER_ABORTED_SESSION', 'Read the transfer log of the other server: it has ended the session.'],
  ['DATA_TRANSFER_TIMEOUT', 'Check the line and the storage: no data came for too long; then start it again.'],
  ['BAD_PATH', 'Check the path: it is not allowed, or leads out of the docroot.'],
  ['ALREADY_EXISTS', 'Choose another name, or an overwrite policy that replaces what is there.'],
  ['STAT_FAILS', 'Check that the file is still there and that the transfer user may look at it.'],
  ['PMTU_BRTT_ERROR', 'Check that UDP port 33001 is open both ways: the line could not be measured.'],
  ['BWMEAS_ERROR', 'Give a target rate instead of having the bandwidth measured, or start it again.'],
  ['VLINK_ERROR', 'Check the virtual link (shared bandwidth cap) that the server is configured with.'],
  ['CONNECTION_ERROR_HTTP', 'Check the port and the certificate of the HTTP fallback or WebSocket server.'],
  ['FILE_ENCRYPTION_ERROR', 'Check the passphrase and the settings of the encryption at rest.'],
  ['FILE_DECRYPTION_PASS', 'Give the passphrase with which the files were encrypted.'],
  ['BAD_CONFIGURATION', 'Check aspera.conf of the server: a setting is wrong or missing.'],
  [
    'INSECURE_CONNECTION',
    'Compare the fingerprint of the host key in the spec with that of the server, and correct it.',
  ],
  [
    'START_VALIDATION_FAILED',
    'Ask who runs the validation on the server: it refused the file before it was transferred.',
  ],
  [
    'STOP_VALIDATION_FAILED',
    'Ask who runs the validation on the server: it refused the file after it was transferred.',
  ],
  ['THRESHOLD_VALIDATION_FAILED', 'Ask who runs the validation on the server: it refused the file in the middle.'],
  ['FILEPATH_TOO_LONG', 'Shorten the path, or choose a destination nearer to the top.'],
  ['ILLEGAL_CHARS_IN_PATH', 'Rename the file: the destination does not allow a character of its name.'],
  ['CHUNK_MUST_MATCH_ALIGNMENT', 'Set a chunk size that fits the storage of the destination.'],
  ['VALIDATION_SESSION_ABORT', 'Ask who runs the validation on the server: it has ended the transfer.'],
  ['REMOTE_STORAGE_ERROR', 'Check the object storage behind the server: its credentials, its bucket and its limits.'],
  ['LUA_SCRIPT_ABORTED_SESSION', 'Ask who wrote the script on the server that has ended the transfer.'],
  ['SSEAR_RETRYABLE', 'Start it again; if it fails again, check the key with which the storage is encrypted.'],
  ['SSEAR_FATAL', 'Check the key with which the storage is encrypted: the server cannot use it.'],
  ['LINK_LOOP', 'Remove the symbolic links that lead to each other, or have links skipped.'],
  ['CANNOT_RENAME_PARTIAL_FILES', 'See to it that only one transfer at a time writes this file, then start it again.'],
  ['CIPHER_NON_COMPAT_FIPS', 'Choose a cipher that FIPS allows, such as aes-128-gcm or aes-256-gcm.'],
  ['PEER_REQUIRES_FIPS', 'Switch FIPS on at this server: the other one insists on it.'],
];

const retryableCodes: ReadonlySet<number> = new Set([
  12, 13, 14, 15, 16, 17, 18, 23, 32, 33, 35, 36, 37, 39, 40, 44, 45, 61,
]);

const CONNECTION_ERROR = 14;

const NO_SUCH_HOST = /target address not available/i;

/** Of code 14, this one does not go away by itself (aspera-node-api.md §7.1). */
const isNoSuchHost = (code: number, description: string) => code === CONNECTION_ERROR && NO_SUCH_HOST.test(description);

/** The name of an ascp error code; `UNKNOWN` for codes that this table does not have. */
export const ascpErrorName = (code: number): string => table[code]?.[0] ?? 'UNKNOWN';

/** Whether the same transfer may succeed when it is started again without any change. */
export const isAscpErrorRetryable = (code: number, description: string): boolean =>
  retryableCodes.has(code) && !isNoSuchHost(code, description);

/** One sentence for a person: what to check or do. */
export function ascpErrorAdvice(code: number, description: string): string {
  if (isNoSuchHost(code, description))
    return 'Correct the name or address of the server: it does not exist in the network.';
  return (
    table[code]?.[1] ?? 'Read the log of the transfer on both servers: this code is not in the table of the vendor.'
  );
}
