import { expect, it } from 'vitest';
import { listAt, objectAt } from '../openapi/json.ts';
import { names } from './cast.ts';
import { idleExclusions, inScope, outOfScope } from './out-of-scope.ts';
import { expectWholeListing, type Replay, replayRequest, startReplay } from './replay.ts';
import type { Stage } from './stage.ts';
import { type RecordedCommand, readWireTrace } from './wire-trace.ts';

/** What a command needs that the recording left out. */
async function prepare(command: string, replay: Replay): Promise<void> {
  const { packages, call } = replay;
  if (command === 'packages delete 1') {
    const { json } = await call('POST', '/api/v5/packages', { title: 'Unwanted', recipients: [{ name: names.bob }] });
    packages.set('1', String(objectAt(json).id));
  }
  if (command.startsWith('packages receive 1 /a.txt')) {
    replay.recipient = listAt((await call('GET', `/api/v5/packages/${packages.get('1')}`)).json, 'recipients')[0] ?? {};
  }
}

const refusedFirst = 'user account (first reply forced to 401)';

/** The requests that IBM's client was recorded to send to Faspex, command by command (aspera-apps-api.md §10). */
export function judgeTrace(stage: () => Stage): void {
  const recorded = readWireTrace();
  // The token request of every command is `signIn`; the recording shows it once.
  const isTokenRequest = ({ path }: { path: string }) => path === '/auth/token';
  const replayed = (command: RecordedCommand) => inScope(command).filter((request) => !isTokenRequest(request));
  const commands = recorded.filter((one) => one.command !== refusedFirst && replayed(one).length > 0);

  it.each(commands.map((one) => [one.command.slice(0, 100), one] as const))('%s', async (_, one) => {
    const replay = startReplay(stage(), await stage().world.signIn(names.self), one.command);
    await prepare(one.command, replay);
    for (const request of replayed(one)) await replayRequest(replay, request);
    if (one.command.startsWith('packages browse')) expectWholeListing(replay);
  });

  it('user account: a token that the server has forgotten is refused by 401, and a new one works', async () => {
    const { world } = stage();
    const call = await world.signIn(names.self);
    await world.faspex.switches.expireTokens?.({});
    const refused = await call('GET', '/api/v5/account');
    expect([refused.status, objectAt(refused.json).code]).toEqual([401, '2005']);
    const renewed = await world.signIn(names.self);
    expect((await renewed('GET', '/api/v5/account')).status).toBe(200);
  });

  it('has no route for what is told to be out of scope', async () => {
    const { world } = stage();
    const served: string[] = [];
    for (const route of outOfScope.flatMap(({ routes = [] }) => routes)) {
      const [method = '', path = ''] = route.split(' ');
      const { status } = await fetch(`${world.faspex.url}${path}`, { method });
      if (status !== 404 && status !== 405) served.push(route);
    }
    expect(served).toEqual([]);
  });

  it('tells nothing to be out of scope that was never recorded', () => {
    expect(idleExclusions(recorded)).toEqual([]);
  });
}
