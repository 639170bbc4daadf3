import type { NodeInfo, NodeSetting } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { needs } from '../scope.ts';

const setting = builder.objectRef<NodeSetting>('AsperaNodeSetting').implement({
  description: 'A switch or an ability of a node.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in the word of the server, e.g. `sync`.' }),
    value: t.exposeString('value', {
      nullable: true,
      description: '`true`, `false` or a word; null when the node says so.',
    }),
  }),
});

export const nodeInfo = builder.objectRef<NodeInfo>('AsperaNodeInfo').implement({
  description: 'What a node says of itself. Anything is null that it does not say.',
  ...needs('node.read'),
  fields: (t) => ({
    nodeId: t.exposeString('nodeId', { nullable: true, description: 'Unique id of the node.' }),
    clusterId: t.exposeString('clusterId', { nullable: true, description: 'Id of the cluster that it belongs to.' }),
    version: t.exposeString('version', {
      nullable: true,
      description: 'Version of the server software, e.g. `4.4.5.1646`.',
    }),
    currentTime: t.expose('currentTime', {
      type: 'DateTime',
      nullable: true,
      description: 'Its clock when it answered, to the second.',
    }),
    operatingSystem: t.exposeString('operatingSystem', { nullable: true, description: 'What it runs on.' }),
    transferUser: t.exposeString('transferUser', {
      nullable: true,
      description: 'System user in whose name transfers run.',
    }),
    docroot: t.exposeString('docroot', {
      nullable: true,
      description: 'Folder or storage that all paths are relative to; null when there is none.',
    }),
    licenseExpiresOn: t.exposeString('licenseExpiresOn', {
      nullable: true,
      description: 'Day on which the licence ends, `YYYY-MM-DD`.',
    }),
    licenseMaxRate: t.exposeString('licenseMaxRate', {
      nullable: true,
      description: 'Highest rate that the licence allows, in the words of the server.',
    }),
    acls: t.stringList({
      description: 'What the credential of the gateway may do there, e.g. `admin`, `impersonation`.',
      resolve: ({ acls }) => [...acls],
    }),
    capabilities: t.expose('capabilities', { type: [setting], description: 'What the node can do.' }),
    settings: t.expose('settings', { type: [setting], description: 'How the node is set up.' }),
  }),
});
