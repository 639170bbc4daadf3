import type { Stack } from '../helpers/start-stack.ts';

/** The key of the demo's viewer who may do everything, for callers that are no GraphQL client. */
export function keyOf({ secrets }: Stack): string {
  const key = secrets.find(({ name }) => name === 'the variable DEMO_KEY_ALL');
  if (!key) throw new Error('the demo has no such viewer');
  return key.value;
}
