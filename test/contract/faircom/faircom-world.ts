import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFairComSimulator, type FairComSimulator } from '../../../simulators/faircom/faircom-simulator.ts';
import { isJson, type Json, objectAt } from '../openapi/json.ts';

/** Sends one request; throws when the answer is no envelope. */
export type Send = (request: Json) => Promise<Json>;

export interface FairComWorld {
  readonly simulator: FairComSimulator;
  readonly send: Send;
  /** Opens a session that ends with the test (a user may have 50), and gives its token. */
  signIn(): Promise<string>;
  stop(): Promise<void>;
}

/** What holds for every answer: both members, and a message of at most 256 bytes (faircom-netography-api.md §A3). */
function envelope(text: string): Json {
  const answer: unknown = JSON.parse(text);
  if (!isJson(answer) || !Number.isInteger(answer.errorCode) || typeof answer.errorMessage !== 'string') {
    throw new Error(`This is no envelope: ${text.slice(0, 300)}`);
  }
  const isSilent = answer.errorMessage === '';
  if ((answer.errorCode === 0) !== isSilent) throw new Error(`Code and message do not fit: ${text.slice(0, 300)}`);
  if (Buffer.byteLength(answer.errorMessage) > 256) throw new Error(`This message is too long: ${answer.errorMessage}`);
  return answer;
}

export async function startFairComWorld(): Promise<FairComWorld> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'contract-faircom-'));
  const simulator = createFairComSimulator({ dataFolder, seed: false });
  await simulator.start();
  const send: Send = async (request) => {
    const response = await fetch(`${simulator.plainUrl}/api`, { method: 'POST', body: JSON.stringify(request) });
    return envelope(await response.text());
  };
  const signIn = async () => {
    const params = { username: simulator.username, password: simulator.password };
    const { result } = await send({ api: 'admin', action: 'createSession', params });
    const authToken = String(objectAt(result).authToken);
    onTestFinished(async () => {
      await send({ api: 'admin', action: 'deleteSession', authToken });
    });
    return authToken;
  };
  const stop = async () => {
    await simulator.close();
    await rm(dataFolder, { recursive: true, force: true });
  };
  return { simulator, send, signIn, stop };
}
