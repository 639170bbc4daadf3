import { onTestFinished } from 'vitest';
import type { CallMeter, CallOutcome, WayState } from '../../src/transport/call-meter.ts';
import { createTransport, type Transport, type TransportSettings } from '../../src/transport/transport.ts';
import type { UpstreamRequest } from '../../src/transport/upstream.ts';

export interface LogLine {
  readonly level: 'debug' | 'warn';
  readonly fields: object;
  readonly message: string;
}

const noState: WayState = { inFlight: Number.NaN, circuit: 'closed', sockets: undefined };

const settings: Omit<TransportSettings, 'url'> = {
  source: 'london',
  tls: { ca: undefined, cert: undefined, key: undefined, serverName: undefined },
  poolSize: 8,
  idleMs: 1_000,
  deadlineMs: 5_000,
  maxBodyBytes: 1_048_576,
  retries: 0,
  circuitFailures: 100,
  circuitOpenMs: 60_000,
};

/** What a transport has told its meter, and how it stands. */
export interface Measured {
  readonly calls: (readonly [operation: string, outcome: CallOutcome])[];
  readonly milliseconds: number[];
  state(): WayState;
}

/** A transport whose calls are measured. */
export function openMeasured(url: string, changes: Partial<TransportSettings> = {}) {
  const measured: Measured = { calls: [], milliseconds: [], state: () => ({ ...noState }) };
  const silent = { debug: () => undefined, warn: () => undefined };
  const meter: CallMeter = {
    noteCall: (operation, outcome, milliseconds) => {
      measured.calls.push([operation, outcome]);
      measured.milliseconds.push(milliseconds);
    },
    noteToken: () => undefined,
    watch: (read) => void Object.assign(measured, { state: read }),
  };
  const transport = createTransport({ ...settings, url, ...changes }, silent, { meter });
  onTestFinished(() => transport.close());
  return { transport, measured };
}

/** A transport with a patient configuration, closed when the test has finished. */
export function openTransport(url: string, changes: Partial<TransportSettings> = {}, log: LogLine[] = []): Transport {
  const transport = createTransport(
    { ...settings, url, ...changes },
    {
      debug: (fields, message) => void log.push({ level: 'debug', fields, message }),
      warn: (fields, message) => void log.push({ level: 'warn', fields, message }),
    },
  );
  onTestFinished(() => transport.close());
  return transport;
}

export const read = (path: string, changes: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  operation: 'test.read',
  method: 'GET',
  path,
  repeat: 'safe',
  ...changes,
});

export const write = (path: string, changes: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  operation: 'test.write',
  method: 'POST',
  path,
  repeat: 'never',
  ...changes,
});
