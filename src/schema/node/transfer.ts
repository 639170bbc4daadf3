import { joinId } from '../../resolvers/global-id.ts';
import { type NodeTransferNode, transferByNodeId } from '../../resolvers/node/transfer.ts';
import type { NodeTransferFile } from '../../sources/node/types.ts';
import { builder } from '../builder.ts';
import { describedValues } from '../describe-enum.ts';
import { needs } from '../scope.ts';
import { transfer } from '../transfer.ts';
import { transferError, transferSession } from './transfer-session.ts';

const transferSide = builder.enumType('TransferSide', {
  description: 'One transfer is recorded on both of its nodes.',
  values: describedValues<'CLIENT' | 'SERVER'>({
    CLIENT: 'The record of the node that started the transfer; it can be paused, resumed and canceled there.',
    SERVER: 'The record of the node that was connected to.',
  }),
});

const fileStatus = builder.enumType('TransferFileStatus', {
  description: 'Where one file of a transfer stands.',
  values: describedValues<NodeTransferFile['status']>({
    TRANSFERRING: 'Its bytes are on the way.',
    COMPLETED: 'It has arrived.',
    FAILED: 'It could not be transferred; `error` says why.',
    SKIPPED: 'It was there already.',
    UNKNOWN: 'A state that the gateway has no name for.',
  }),
});

const transferFile = builder.objectRef<NodeTransferFile>('TransferFile').implement({
  description: 'One file of a transfer.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Path of the file as the node reports it.' }),
    status: t.expose('status', { type: fileStatus, description: 'Where it stands.' }),
    sizeBytes: t.expose('sizeBytes', {
      type: 'SafeInt',
      nullable: true,
      description: 'Size in bytes; null when the node does not tell.',
    }),
    bytesWritten: t.expose('bytesWritten', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes written so far; null when the node does not tell.',
    }),
    error: t.expose('error', {
      type: transferError,
      nullable: true,
      description: 'Why it failed; null when it did not.',
    }),
  }),
});

const ref = builder.objectRef<NodeTransferNode>('NodeTransfer');

/** A transfer as an Aspera node knows it. */
export const nodeTransfer = builder.node(ref, {
  name: 'NodeTransfer',
  description: 'A transfer as one of its two Aspera nodes knows it.',
  interfaces: [transfer],
  ...needs('transfer.read'),
  id: { resolve: (value) => joinId(value.sourceName, value.transferId) },
  isTypeOf: (value) => (value as { __typename?: unknown }).__typename === 'NodeTransfer',
  loadOne: (id, context) => transferByNodeId(id, context),
  fields: (t) => ({
    side: t.expose('side', {
      type: transferSide,
      nullable: true,
      description: 'Which end this record is of; null when the node does not tell.',
    }),
    controllable: t.boolean({
      description:
        'Whether this record can be paused, resumed, slowed and canceled: only on the node that started it, and only before its end.',
      resolve: (value) => value.side === 'CLIENT' && value.endedAt === undefined,
    }),
    bytesWritten: t.expose('bytesWritten', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes written at the destination; null when the node does not tell.',
    }),
    bytesLost: t.expose('bytesLost', {
      type: 'SafeInt',
      nullable: true,
      description: 'Bytes lost on the way and sent again; null when the node does not tell.',
    }),
    filesSkipped: t.expose('filesSkipped', {
      type: 'SafeInt',
      nullable: true,
      description: 'Files that were there already and not sent again; null when the node does not tell.',
    }),
    currentRateKbps: t.exposeFloat('currentRateKbps', {
      nullable: true,
      description: 'Rate of this moment in kilobits per second, over all running sessions; null when none runs.',
    }),
    targetRateKbps: t.exposeInt('targetRateKbps', {
      nullable: true,
      description: 'Wanted rate in kilobits per second; null when the node does not tell.',
    }),
    warning: t.exposeString('warning', {
      nullable: true,
      description: 'Something odd about a transfer that is complete all the same; null when there is nothing.',
    }),
    error: t.expose('error', {
      type: transferError,
      nullable: true,
      description: 'Why it failed, or why it is being retried; null when nothing went wrong.',
    }),
    retrying: t.exposeBoolean('retrying', {
      description: 'Whether a session has failed and the node is about to try again; `progress` may fall then.',
    }),
    remoteHost: t.exposeString('remoteHost', {
      nullable: true,
      description: 'The other end; null when the node does not tell.',
    }),
    sourcePaths: t.stringList({ description: 'What is transferred.', resolve: (value) => [...value.sourcePaths] }),
    destinationPath: t.exposeString('destinationPath', {
      nullable: true,
      description: 'Where it goes; null when the node does not tell.',
    }),
    tags: t.expose('tags', {
      type: 'JSON',
      description: 'Free-form labels of whoever made the transfer spec, without secrets; empty in events.',
    }),
    spec: t.expose('spec', {
      type: 'JSON',
      description: 'What the transfer was started with, without its secrets; empty in events.',
    }),
    sessions: t.expose('sessions', {
      type: [transferSession],
      description: 'Its sessions, first one first.',
    }),
    files: t.expose('files', {
      type: [transferFile],
      description:
        'Its files, as far as the node lists them: long lists are cut, and lists of transfers and events carry none.',
    }),
  }),
});
