import { readFileSync } from 'node:fs';
import type { SharingSettings } from './sharing.ts';

/** The part of the configuration that says where Redis is. */
export interface RedisConfig {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: { reveal(): string } | undefined;
  readonly keyPrefix: string;
  readonly leaseMs: number;
  readonly tls: {
    readonly caFile?: string | undefined;
    readonly certFile?: string | undefined;
    readonly keyFile?: string | undefined;
    readonly serverName?: string | undefined;
  };
}

/** What was not configured is left out: the TLS of Node.js takes an undefined for a choice. */
const readAs = (name: string, file: string | undefined) =>
  file === undefined ? {} : { [name]: readFileSync(file, 'utf8') };

/** Reads the TLS files. Throws when a file that was there at start has gone. */
export function sharingSettings({ url, username, password, keyPrefix, leaseMs, tls }: RedisConfig): SharingSettings {
  const { caFile, certFile, keyFile, serverName } = tls;
  return {
    ...{ url, username, password: password?.reveal(), keyPrefix, leaseMs },
    tls: {
      ...readAs('ca', caFile),
      ...readAs('cert', certFile),
      ...readAs('key', keyFile),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  };
}
