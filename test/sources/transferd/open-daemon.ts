import { onTestFinished } from 'vitest';
import { transferdConfig } from '../../../src/sources/transferd/config.ts';
import { createTransferd } from '../../../src/sources/transferd/source.ts';
import type { SourceError } from '../../../src/transport/source-error.ts';

const silent = { debug: () => undefined, warn: () => undefined };

/** A daemon as the gateway knows it, closed when the test has finished. */
export function openDaemon(url: string, more: object = {}) {
  const config = transferdConfig.parse({ name: 'workstation', url, ...more });
  const source = createTransferd(config, { logger: silent });
  onTestFinished(() => source.close());
  const identity = source.identify(undefined);
  return { source, identity, client: source.open({ identity }) };
}

export const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    ({ code, message, retryable, vendorCode }: SourceError) => ({ code, message, retryable, vendorCode }),
  );

/** An answer about a transfer, as a daemon gives it. */
export const answerOf = (status: string, info: object = {}, more: object = {}) => ({
  transferId: 'a',
  status,
  transferInfo: { targetRateKbps: 5_000, ...info },
  ...more,
});
