import { expect } from 'vitest';
import type { FairComSimulator } from '../../simulators/faircom/faircom-simulator.ts';

interface Answer {
  readonly authToken: string;
  readonly errorCode: number;
}

async function post({ plainUrl }: FairComSimulator, body: object): Promise<Answer> {
  const reply = await fetch(`${plainUrl}/api`, { method: 'POST', body: JSON.stringify(body) });
  return (await reply.json()) as Answer;
}

/** Makes a table at a FairCom server, in a session of its own. */
export async function createTable(simulator: FairComSimulator, params: object): Promise<void> {
  const { username, password } = simulator;
  const login = { api: 'admin', action: 'createSession', params: { username, password } };
  const { authToken } = await post(simulator, login);
  const made = await post(simulator, { api: 'db', action: 'createTable', params, authToken });
  expect(made.errorCode).toBe(0);
  await post(simulator, { api: 'admin', action: 'deleteSession', authToken });
}
