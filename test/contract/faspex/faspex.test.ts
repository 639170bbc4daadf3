import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cast, castPlay } from './cast.ts';
import { judgeDirectory } from './directory.ts';
import { type FaspexWorld, startFaspexWorld } from './faspex-world.ts';
import { judgePackages } from './packages.ts';
import { judgeRefusals } from './refusals.ts';
import { judgeSamples } from './samples.ts';
import { judgeTokens } from './tokens.ts';
import { judgeTrace } from './trace.ts';

/** Documented paths that end in the route of an id, which refuses the word. */
const taken = ['GET /aspera/faspex/api/v5/accounts/self_register_defaults'];

let started: FaspexWorld;
let cast: Cast;
beforeAll(async () => {
  started = await startFaspexWorld();
  cast = await castPlay(started);
});
afterAll(() => started.stop());
const stage = () => ({ world: started, cast });

describe('the Faspex simulator and Faspex 5', () => {
  describe('IBM’s client', () => judgeTrace(stage));
  describe('tokens', () => judgeTokens(() => started));
  describe('server and directory', () => judgeDirectory(stage));
  describe('packages', () => judgePackages(stage));
  describe('refusals', () => judgeRefusals(stage));
  describe('samples', () => judgeSamples(stage));

  it('was judged in every documented operation that it serves, and in nothing else', async () => {
    const judgedOperations: string[] = [];
    const servedOperations: string[] = [];
    for (const operation of started.contract.operations) {
      const name = `${operation.method} ${operation.path}`;
      if (started.judge.succeeded(operation)) judgedOperations.push(name);
      const path = operation.path.replaceAll(/\{[^}]+\}/g, 'unknown');
      const { status } = await fetch(new URL(path, started.faspex.url), { method: operation.method });
      if (status !== 404 && status !== 405 && !taken.includes(name)) servedOperations.push(name);
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
