/**
 * Calls of the daemon that carry bytes of an application itself instead of files. They answer UNIMPLEMENTED: the
 * protocol between the simulators knows files only.
 */
export const notSimulated = ['WriteStreamChunk', 'WriteStream', 'ReadStream'] as const;

export const NOT_SIMULATED_TEXT = 'This simulator transfers files only: calls of stream transfers are not simulated';

/** Kinds of transfer that need those calls, or another program than ascp. */
export const notSimulatedTypes: ReadonlySet<string> = new Set([
  'URL_STREAM_TO_STREAM',
  'FILE_TO_STREAM_DOWNLOAD',
  'STREAM_TO_FILE_UPLOAD',
  'PERSISTENT_STREAM_UPLOAD',
  'ASYNC_SESSION',
]);
