import type { Logger } from 'pino';
import { describeError } from './server/describe-error.ts';
import type { LogOutput } from './server/log-output.ts';

/** Milliseconds that the last lines get to be written: a reader that has stopped must not hold up the end. */
const LAST_LINES_MS = 2_000;

/**
 * Ends the process with everything written that was logged, and sees to it that this is so as well when something is
 * thrown that nobody catches. Gives what ends it when all is well.
 */
export function createProcessEnd(logger: Logger, output: LogOutput): () => Promise<void> {
  const end = async (code: number) => {
    const isWritten = await output.close(LAST_LINES_MS);
    // A thread waits in the system for who reads the log, and an orderly exit would wait for that thread for ever.
    if (!isWritten) process.kill(process.pid, 'SIGKILL');
    process.exit(code);
  };
  process.on('uncaughtException', (error) => {
    // Nothing is known of the state of the process after this: an orchestrator starts another one.
    logger.fatal({ err: error }, 'the gateway ends: something was thrown that nobody caught');
    if (!logger.isLevelEnabled('fatal')) process.stderr.write(`${JSON.stringify(describeError(error))}\n`);
    void end(1);
  });
  return () => end(0);
}
