import { expect, it } from 'vitest';
import { type Json, listAt, objectAt } from '../openapi/json.ts';
import { unserved } from './differences.ts';
import type { FairComWorld } from './faircom-world.ts';
import { type Journey, reads, travel } from './journey.ts';
import type { Reference } from './reference-actions.ts';

/** Rows of `listTransactions` and the like are in `data`, whatever their number. */
const rowsOf = (result: Json) => listAt(result, 'data');

const lacking = (value: Json, names: readonly string[]) => names.filter((name) => value[name] === undefined);

/** What the actions answer when they have done their work (faircom-netography-api.md §A4 to §A11). */
export function judgeResults(world: () => FairComWorld, { actions, readResult }: Reference): void {
  let journey: Journey | undefined;
  const travelled = async () => {
    journey ??= await travel(world());
    return journey;
  };
  const resultsOf = async (action: string) =>
    (await travelled()).steps.filter((step) => step.action === action).map(({ result }) => result);

  it('has every served action, under each of its names, do its work', async () => {
    const names = actions
      .filter(({ action }) => !(action in unserved))
      .flatMap(({ action, aliases }) => [action, ...aliases]);
    const done = new Set((await travelled()).steps.map(({ action }) => action));
    expect([...done].toSorted()).toEqual(names.toSorted());
  });

  it.each(
    actions.filter((one) => one.row.length > 0 && !(one.action in unserved)).map((one) => [one.action, one] as const),
  )('%s answers rows with the listed members', async (action, { row }) => {
    const rows = (await resultsOf(action)).flatMap(rowsOf);
    expect(rows.length).toBeGreaterThan(0);
    for (const one of rows) expect(lacking(one, row)).toEqual([]);
  });

  it.each(actions.filter((one) => one.result.length > 0).map((one) => [one.action, one] as const))(
    '%s answers a result with the listed members',
    async (action, { result }) => {
      const results = await resultsOf(action);
      expect(results.length).toBeGreaterThan(0);
      for (const one of results) expect(lacking(one, result)).toEqual([]);
    },
  );

  it.each(actions.filter(({ isRead }) => isRead).map(({ action }) => action))(
    '%s answers a page of records',
    async (action) => {
      const [page = {}] = await resultsOf(action);
      expect(
        lacking(
          page,
          readResult.filter((name) => name !== 'cursorId'),
        ),
      ).toEqual([]);
      expect(page).not.toHaveProperty('cursorId');
      expect(page.returnedRecordCount).toBe(rowsOf(page).length);
      for (const field of listAt(page, 'fields')) {
        const names = ['name', 'type', 'length', 'scale', 'defaultValue', 'nullable', 'primaryKey', 'autoValue'];
        expect(lacking(field, names)).toEqual([]);
      }
    },
  );

  it.each(actions.filter(({ isRead }) => isRead).map(({ action }) => action))(
    '%s answers a cursor and no records with it',
    async (action) => {
      const { send, signIn } = world();
      const authToken = await signIn();
      const act = async (name: string, params: Json) =>
        objectAt((await send({ api: 'db', action: name, authToken, params })).result);
      const fields = [{ name: 'code', type: 'varchar', length: 9 }];
      await act('createTable', { tableName: 'shipment', fields });
      await act('createIndex', { tableName: 'shipment', indexName: 'by_code', fields: [{ name: 'code' }] });
      await act('insertRecords', { tableName: 'shipment', sourceData: [{ code: 'S-1' }] });
      const opened = await act(action, { ...reads[action], returnCursor: true });
      expect(opened).toMatchObject({ cursorId: expect.any(String), totalRecordCount: expect.any(Number) });
      expect(opened).not.toHaveProperty('data');
      const fetched = await act('getRecordsFromCursor', { cursorId: opened.cursorId, startFrom: 'beforeFirstRecord' });
      expect(rowsOf(fetched)).toMatchObject([{ code: 'S-1' }]);
      await act('closeCursor', { cursorId: opened.cursorId });
      await act('deleteTables', { tableNames: ['shipment'] });
    },
  );
}
