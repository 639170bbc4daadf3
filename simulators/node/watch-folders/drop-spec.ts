import { randomUUID } from 'node:crypto';
import { authorizeAt, type RemoteNode } from '../remote-node.ts';
import type { TransferSpec } from '../transfers/transfer-spec.ts';
import { joinPath } from '../virtual-path.ts';
import type { RemoteLocation, WatchConfig } from './watch-config.ts';

export const remoteNodeOf = ({ host, port, authentication }: RemoteLocation): RemoteNode => ({
  host,
  port,
  user: authentication.user,
  pass: authentication.pass ?? '',
});

/** Over SSH the transfer user logs in; there is no token and nobody to ask for one. */
const sshSpec = ({ host, port, authentication }: RemoteLocation, destination: string) => ({
  direction: 'send' as const,
  remote_host: host,
  ssh_port: port,
  remote_user: authentication.user,
  remote_password: authentication.pass ?? '',
  destination_root: destination,
});

async function endsOf({ source, target }: WatchConfig, names: readonly string[]) {
  if (source.location) {
    const paths = names.map((name) => ({ source: joinPath(source.path, name) }));
    const spec = await authorizeAt(remoteNodeOf(source.location), 'download', { paths });
    return { ...spec, destination_root: target.path };
  }
  const { location, path } = target;
  if (!location) throw new TypeError('a watch folder has a remote end');
  if (location.authentication.type === 'SSH') return sshSpec(location, path);
  return authorizeAt(remoteNodeOf(location), 'upload', { paths: [{}], destination_root: path });
}

/** The transfer of a drop: files that have cooled off together (aspera-node-api.md §6). */
export async function dropSpec(config: WatchConfig, names: readonly string[]): Promise<TransferSpec> {
  return {
    ...(await endsOf(config, names)),
    paths: names.map((name) => ({ source: joinPath(config.source.path, name), destination: name })),
    create_dir: true,
    preserve_times: true,
    tags: { aspera: { xfer_id: randomUUID() } },
  };
}
