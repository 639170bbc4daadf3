import { createProcessEnd } from '../../src/process-end.ts';
import { openLogOutput } from '../../src/server/log-output.ts';
import { createLogger } from '../../src/server/logger.ts';

/** Logs many lines at once, as a busy gateway does, and then ends in the way that its first argument says. */
const [, , ending = '', count = '0', level = 'info'] = process.argv;
const output = openLogOutput(1);
const logger = createLogger(level, output.stream);
const end = createProcessEnd(logger, output);

for (let number = 1; number <= Number(count); number += 1) logger.info({ number }, 'said');

const endings: Readonly<Record<string, () => unknown>> = {
  stop: end,
  throw: () => {
    throw new Error('nobody catches this, nor the token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl');
  },
  reject: () => void Promise.reject(new Error('nobody catches this either')),
  // Lines are collected, but not for long.
  wait: () => setInterval(() => undefined, 60_000),
};
setImmediate(() => endings[ending]?.());
