import { type DestinationStream, pino } from 'pino';

/** Where log lines go: many of them in one write, and never so that the gateway waits for who reads them. */
export interface LogOutput {
  readonly stream: DestinationStream;
  /** Lines that were thrown away since the start, because nobody read fast enough. */
  readonly lost: () => number;
  /**
   * Writes what waits. Nothing can be logged afterwards.
   * @returns whether everything was written within this many milliseconds
   */
  close(withinMs: number): Promise<boolean>;
}

/** Lines are collected up to so many bytes: a write costs more than making a dozen lines. */
const COLLECTED_BYTES = 4_096;

/** Lines do not wait longer than this for others. */
const COLLECTED_MS = 200;

/** Bytes that may wait for a reader that has stopped, before lines are thrown away. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** @param fileDescriptor 1 is standard output */
export function openLogOutput(fileDescriptor: number): LogOutput {
  const stream = pino.destination({
    ...{ dest: fileDescriptor, sync: false },
    ...{ minLength: COLLECTED_BYTES, periodicFlush: COLLECTED_MS, maxLength: MAX_WAITING_BYTES },
  });
  let lost = 0;
  let isClosing = false;
  stream.on('drop', () => {
    lost += 1;
  });
  // A disk that is full, or a reader that has gone, must not end the gateway.
  stream.on('error', () => undefined);
  const closed = new Promise<boolean>((resolve) => stream.once('close', () => resolve(true)));
  return {
    stream: { write: (line) => void (isClosing || stream.write(line)) },
    lost: () => lost,
    close: async (withinMs) => {
      if (!isClosing) stream.end();
      isClosing = true;
      const { promise: elapsed, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), withinMs);
      const isWritten = await Promise.race([closed, elapsed]);
      clearTimeout(timer);
      return isWritten;
    },
  };
}
