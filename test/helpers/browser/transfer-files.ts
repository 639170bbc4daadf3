import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDesktopClient } from '../../../simulators/node/protocol/desktop-client.ts';

/** A transfer spec as it came from a browser. */
export type ReceivedSpec = Record<string, unknown>;

/** What servers refuse a spec for that a browser sends to them: they are strict where real ones may be lax. */
export function faultOf(spec: ReceivedSpec): string | undefined {
  const nulls = Object.entries(spec).filter(([, value]) => value === null);
  if (nulls.length > 0) return `null: ${nulls.map(([name]) => name).join(', ')}`;
  if ('authentication' in spec) return 'authentication is not for a server';
  for (const name of ['direction', 'remote_host', 'token']) {
    if (typeof spec[name] !== 'string') return `${name} is missing`;
  }
  const paths = Array.isArray(spec.paths) ? (spec.paths as { source?: unknown }[]) : [];
  return paths.length > 0 && paths.every(({ source }) => typeof source === 'string') ? undefined : 'paths are missing';
}

/** Runs the transfer of a spec from or into a local folder. @throws Error when it did not complete */
export async function transferFiles(spec: ReceivedSpec, folder: string): Promise<void> {
  const { status, errorDescription } = await runDesktopClient(spec, folder);
  if (status !== 'completed') throw new Error(`${status}: ${errorDescription}`);
}

/** Gives `use` a folder that is gone afterwards. */
export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'browser-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
