import { readFileSync } from 'node:fs';
import type { TransportSettings } from './transport.ts';

/** The part of a source's configuration that its transport needs; every slice that spreads `httpSource` has it. */
export interface HttpSourceConfig {
  readonly name: string;
  readonly url: string;
  readonly tls: {
    readonly caFile?: string | undefined;
    readonly certFile?: string | undefined;
    readonly keyFile?: string | undefined;
    readonly serverName?: string | undefined;
  };
  readonly deadlineMs: number;
  readonly poolSize: number;
  readonly idleMs: number;
  readonly retries: number;
  readonly circuitFailures: number;
  readonly circuitOpenMs: number;
  readonly maxBodyBytes: number;
}

const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file, 'utf8'));

/** Reads the TLS files and gives the transport's settings. Throws when a file that was there at start has gone. */
export function transportSettings(config: HttpSourceConfig): TransportSettings {
  const { name, url, deadlineMs, poolSize, idleMs, retries, circuitFailures, circuitOpenMs, maxBodyBytes } = config;
  const { caFile, certFile, keyFile, serverName } = config.tls;
  return {
    source: name,
    url,
    tls: { ca: read(caFile), cert: read(certFile), key: read(keyFile), serverName },
    deadlineMs,
    poolSize,
    idleMs,
    retries,
    circuitFailures,
    circuitOpenMs,
    maxBodyBytes,
  };
}
