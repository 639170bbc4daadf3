import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { censor } from './censor.ts';
import { describeError } from './describe-error.ts';

/** The time as pino wants it. Many lines are of one millisecond, and to spell it out costs as much as half a line. */
function createTimestamp(): () => string {
  let atMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) text = `,"time":"${new Date(nowMs).toISOString()}"`;
    atMs = nowMs;
    return text;
  };
}

/** JSON logs, one object a line. Bodies, queries and headers are never logged; `censor` is the second line of defence. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: createTimestamp(),
    // pino's own way to show an error repeats every message of the chain, and with it what a source has sent.
    serializers: { err: (error: unknown) => describeError(error) },
    // Its own way to leave members out takes some twenty times as long as all the rest of a line.
    formatters: { level: (label: string) => ({ level: label }), log: (fields) => censor(fields) },
  };
  return destination ? pino(options, destination) : pino(options);
}
