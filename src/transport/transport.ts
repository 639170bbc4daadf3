import { Pool } from 'undici';
import { type CallMeter, noMeter } from './call-meter.ts';
import { createCircuit } from './circuit.ts';
import { createDeadlines } from './deadlines.ts';
import { dispatch } from './dispatch.ts';
import { type Attempts, observeAttempt } from './observe-attempt.ts';
import { createResilience, type ResilienceSettings } from './resilience.ts';
import type { Signal } from './signal.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts';

/** What a call needs to know of the logger: pino's shape, so that tests may pass their own. */
export interface TransportLogger {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface TransportSettings extends ResilienceSettings {
  /** Name of the source in the configuration; part of every error. */
  readonly source: string;
  /** Base URL of the source, with any path prefix and without a trailing slash. */
  readonly url: string;
  readonly tls: {
    readonly ca: string | undefined;
    readonly cert: string | undefined;
    readonly key: string | undefined;
    readonly serverName: string | undefined;
  };
  /** Sockets to the source at most. */
  readonly poolSize: number;
  /** Milliseconds that an idle socket is kept; keep it below the server's own limit. */
  readonly idleMs: number;
  /** Milliseconds after which one attempt is given up. */
  readonly deadlineMs: number;
  /** Largest body that is read, in bytes. */
  readonly maxBodyBytes: number;
}

export interface Transport {
  send(request: UpstreamRequest, signal?: Signal): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

function connectOptions({ tls }: TransportSettings, timeout: number) {
  return {
    timeout,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
}

/** Who hears of the calls of a transport. */
export interface TransportListeners {
  readonly meter?: CallMeter | undefined;
  /** Is told of every answer that the source gives, whatever its status. */
  readonly onAnswer?: (response: UpstreamResponse) => void;
}

/** The way to one source: a pool of sockets, a deadline, bounded repeats of safe calls and a circuit breaker. */
export function createTransport(
  settings: TransportSettings,
  logger: TransportLogger,
  { meter = noMeter, onAnswer }: TransportListeners = {},
): Transport {
  const { origin, pathname } = new URL(settings.url);
  const prefix = pathname === '/' ? '' : pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections: settings.poolSize,
    keepAliveTimeout: settings.idleMs,
    keepAliveMaxTimeout: settings.idleMs,
    connect: connectOptions(settings, settings.deadlineMs),
    maxResponseSize: settings.maxBodyBytes,
  });
  const circuit = createCircuit(settings);
  const resilience = createResilience(settings, circuit);
  const target = { pool, prefix, source: settings.source, deadlines: createDeadlines() };
  const attempts: Attempts = { settings, logger, meter, onAnswer, inFlight: 0 };
  const attempt = (request: UpstreamRequest, signal: Signal | undefined) =>
    observeAttempt(attempts, request, () =>
      dispatch(target, request, request.deadlineMs ?? settings.deadlineMs, signal),
    );
  meter.watch(() => {
    const { connected, queued } = pool.stats;
    return { inFlight: attempts.inFlight, circuit: circuit.state, sockets: { open: connected, waiting: queued } };
  });
  return {
    send: (request, signal) => resilience(request.repeat, () => attempt(request, signal), signal),
    close: () => pool.destroy(),
  };
}
