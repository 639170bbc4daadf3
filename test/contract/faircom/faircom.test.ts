import { afterAll, beforeAll, describe } from 'vitest';
import { judgeEnvelope } from './envelope.ts';
import { type FairComWorld, startFairComWorld } from './faircom-world.ts';
import { judgeParameters } from './parameters.ts';
import { readActions } from './reference-actions.ts';
import { judgeResults } from './results.ts';

let started: FairComWorld;
beforeAll(async () => {
  started = await startFairComWorld();
});
afterAll(() => started.stop());
const world = () => started;

describe('the FairCom simulator and the JSON DB API', () => {
  const reference = readActions();
  describe('parameters', () => judgeParameters(world, reference));
  describe('results', () => judgeResults(world, reference));
  describe('envelope', () => judgeEnvelope(world));
});
