import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeNodeAndAccessKeys } from './access-keys.ts';
import { judgeActivity } from './activity.ts';
import { judgeGen3 } from './gen3.ts';
import { judgeGen4 } from './gen4.ts';
import { judgeIbmClient } from './ibm-client.ts';
import { type NodeWorld, startNodeWorld } from './node-world.ts';
import { judgePermissions } from './permissions.ts';
import { judgeRefusals } from './refusals.ts';
import { judgeServices } from './services.ts';
import { judgeTransfers } from './transfers.ts';

let started: NodeWorld;
beforeAll(async () => {
  started = await startNodeWorld();
});
afterAll(() => started.stop());
const world = () => started;

describe('the node simulator and the Node API', () => {
  describe('node and access keys', () => judgeNodeAndAccessKeys(world));
  describe('file operations by path', () => judgeGen3(world));
  describe('file operations by id', () => judgeGen4(world));
  describe('permissions', () => judgePermissions(world));
  describe('transfers', () => judgeTransfers(world));
  describe('watch folders and syncs', () => judgeServices(world));
  describe('refusals', () => judgeRefusals(world));
  describe('activity', () => judgeActivity(world));
  describe('IBM’s client', () => judgeIbmClient(world));

  it('was judged in every documented operation that it serves, and in nothing else', async () => {
    const judgedOperations: string[] = [];
    const servedOperations: string[] = [];
    for (const operation of started.contract.operations) {
      const name = `${operation.method} ${operation.path}`;
      if (started.judge.succeeded(operation)) judgedOperations.push(name);
      const path = operation.path.replaceAll(/\{[^}]+\}/g, 'unknown');
      const { status } = await fetch(`${started.london.simulator.url}${path}`, { method: operation.method });
      if (status !== 404 && status !== 405) servedOperations.push(name);
    }
    expect(judgedOperations).toEqual(servedOperations);
  });

  it('showed every documented member, apart from those that are told to be absent', () => {
    expect(started.judge.missing()).toEqual([]);
    expect(started.judge.idleAbsences()).toEqual([]);
  });

  it('showed every known contradiction of the document', () => {
    expect(started.judge.unused()).toEqual([]);
  });
});
