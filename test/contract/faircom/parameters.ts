import { expect, it } from 'vitest';
import type { Json } from '../openapi/json.ts';
import { parameterDifferences, unserved } from './differences.ts';
import type { FairComWorld } from './faircom-world.ts';
import type { Reference, ReferenceAction } from './reference-actions.ts';

const UNKNOWN_PROPERTY = 14_702;
const MISSING_PARAMETER = 12_025;
const NO_SESSION = 12_031;

const takenMore = (action: string) =>
  parameterDifferences.filter((one) => one.action === action && one.isTaken).flatMap(({ names }) => names);
const takenLess = (action: string) =>
  parameterDifferences.filter((one) => one.action === action && !one.isTaken).flatMap(({ names }) => names);

/** Values that no action can do anything with, so that asking for its parameters does no harm. */
const harmless = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, 0]));

/** Each action takes the parameters that are listed, and no other (faircom-netography-api.md §A7, 14702). */
export function judgeParameters(world: () => FairComWorld, { actions }: Reference): void {
  const served = actions.filter(({ action }) => !(action in unserved));
  const more = parameterDifferences.flatMap(({ names }) => names);
  const all = [
    ...new Set([...actions.flatMap(({ required, optional }) => [...required, ...optional]), ...more, 'noSuchProperty']),
  ];

  const codeOf = async ({ api, action }: ReferenceAction, authToken: string, params: Json) =>
    (await world().send({ api, action, authToken, params })).errorCode;

  it.each(served.map((one) => [one.action, one] as const))(
    '%s takes what is listed and refuses the rest',
    async (_, listed) => {
      const authToken = await world().signIn();
      const taken: string[] = [];
      for (const name of all.filter((candidate) => !listed.required.includes(candidate))) {
        const code = await codeOf(listed, authToken, { ...harmless(listed.required), [name]: null });
        if (code !== UNKNOWN_PROPERTY) taken.push(name);
      }
      const less = takenLess(listed.action);
      const expected = [...listed.optional.filter((name) => !less.includes(name)), ...takenMore(listed.action)];
      expect(taken.toSorted()).toEqual(expected.toSorted());
    },
  );

  it.each(served.filter(({ required }) => required.length > 0).map((one) => [one.action, one] as const))(
    '%s demands what is marked as required',
    async (_, listed) => {
      const authToken = await world().signIn();
      for (const name of listed.required) {
        const params = harmless(listed.required.filter((other) => other !== name));
        expect([name, await codeOf(listed, authToken, params)]).toEqual([name, MISSING_PARAMETER]);
      }
    },
  );

  it('demands a living session for every action but the three that need none', async () => {
    for (const { api, action, needsSession } of served) {
      const without = (await world().send({ api, action })).errorCode;
      const dead = (await world().send({ api, action, authToken: 'of no session' })).errorCode;
      if (needsSession) expect([action, without, dead]).toEqual([action, MISSING_PARAMETER, NO_SESSION]);
    }
    expect(served.filter(({ needsSession }) => !needsSession).map(({ action }) => action)).toEqual([
      ...['createSession', 'pingSession', 'listServices'],
    ]);
  });

  it('does not know the actions that are told to be unserved', async () => {
    const authToken = await world().signIn();
    const codes = new Set<unknown>();
    for (const { api, action, required } of actions.filter((one) => one.action in unserved)) {
      codes.add((await world().send({ api, action, authToken, params: harmless(required) })).errorCode);
    }
    const { errorCode } = await world().send({ api: 'admin', action: 'noSuchAction', authToken });
    expect(errorCode).not.toBe(0);
    expect(codes).toEqual(new Set([errorCode]));
  });
}
