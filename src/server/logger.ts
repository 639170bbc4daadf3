import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { describeError } from './describe-error.ts';

/** Members that hold secrets wherever they turn up in a logged object. */
const secretNames = [
  'authorization',
  'token',
  'access_token',
  'accessToken',
  'authToken',
  'assertion',
  'password',
  'remote_password',
  'secret',
  'clientSecret',
  'privateKey',
  'cookie',
  'ssh_private_key',
  'content_protection_password',
  'key',
];

const paths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** JSON logs, one object a line. Bodies, queries and headers are never logged; this is the second line of defence. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths, censor: '[secret]' },
    // pino's own way to show an error repeats every message of the chain, and with it what a source has sent.
    serializers: { err: (error: unknown) => describeError(error) },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}
