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

/** Lines are collected up to so many characters: a write wakes up a thread, and costs as much as making dozens of lines. */
const COLLECTED_CHARACTERS = 60_000;

/** Lines do not wait longer than this for others. */
const COLLECTED_MS = 200;

/** Bytes that may wait for a reader that has stopped, before lines are thrown away. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

const linesIn = (text: string) => text.split('\n').length - 1;

/** Hands lines on when there are many of them, or when the first has waited long enough. */
function createCollection(handOn: (lines: string) => void) {
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const collected = lines;
    lines = '';
    if (collected !== '') handOn(collected);
  };
  return {
    flush,
    add: (line: string) => {
      lines += line;
      if (lines.length >= COLLECTED_CHARACTERS) flush();
      else timer ??= setTimeout(flush, COLLECTED_MS).unref();
    },
  };
}

/** @param fileDescriptor 1 is standard output */
export function openLogOutput(fileDescriptor: number): LogOutput {
  let lost = 0;
  let isClosing = false;
  const { add, flush } = createCollection((lines) => void destination.write(lines));
  // It comes before that of the destination, which writes what it has been given.
  process.once('exit', flush);
  const destination = pino.destination({ dest: fileDescriptor, sync: false, maxLength: MAX_WAITING_BYTES });
  destination.on('drop', (lines: string) => {
    lost += linesIn(lines);
  });
  // A disk that is full, or a reader that has gone, must not end the gateway.
  destination.on('error', () => undefined);
  const closed = new Promise<boolean>((resolve) => destination.once('close', () => resolve(true)));
  const end = () => {
    isClosing = true;
    process.off('exit', flush);
    flush();
    destination.end();
  };
  return {
    stream: { write: (line) => void (isClosing || add(line)) },
    lost: () => lost,
    close: async (withinMs) => {
      if (!isClosing) end();
      const { promise: elapsed, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), withinMs);
      const isWritten = await Promise.race([closed, elapsed]);
      clearTimeout(timer);
      return isWritten;
    },
  };
}
