import { describe, expect, it } from 'vitest';
import { type Row, signIn, startSimulator, withShipments } from './harness.ts';

async function withSql() {
  const shipments = await withShipments();
  await shipments.insert(
    { code: 'A', bytes: '9007199254740993', rate: '1.25', sent: '2026-01-05T10:00:00', ok: true, digest: '00ff' },
    { code: 'B', bytes: 5, rate: '10', sent: '2026-01-06', ok: false, meta: { a: 1 } },
    { code: 'C', bytes: 7 },
  );
  const { client } = shipments;
  const rows = async (sql: string, params: Row = {}) =>
    (await client.ok('getRecordsUsingSQL', { sql, ...params })).data;
  const code = (sql: string, params: Row = {}) => client.code('getRecordsUsingSQL', { sql, ...params });
  const run = async (sqlStatements: string[], params: Row = {}) =>
    (await client.ok('runSqlStatements', { sqlStatements, ...params })).data;
  return { ...shipments, rows, code, run };
}

describe('getRecordsUsingSQL', () => {
  it('returns rows with lower-case names and the types of their fields', async () => {
    const { client } = await withSql();
    const sql = 'SELECT changeId, Code, bytes, ok, sent, digest, count(*) OVER () AS n FROM shipment WHERE id = 1;';
    const result = await client.ok('getRecordsUsingSQL', { sql });
    expect(result.data).toEqual([
      {
        changeid: expect.any(String),
        code: 'A',
        bytes: '9007199254740993',
        ok: true,
        sent: '2026-01-05T10:00:00.000',
        digest: '00ff',
        n: '1',
      },
    ]);
    expect(result.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'changeid bigint',
      'code varchar',
      'bytes bigint',
      'ok bit',
      'sent timestamp',
      'digest varbinary',
      'n bigint',
    ]);
  });

  it('takes TOP and SKIP in either order, also in subqueries, and no other dialect', async () => {
    const { rows, code } = await withSql();
    const ids = async (sql: string) => (await rows(sql)).map(({ id }) => id);
    expect(await ids('SELECT TOP 1 SKIP 1 id FROM shipment ORDER BY id')).toEqual(['2']);
    expect(await ids('SELECT SKIP 1 TOP 5 id FROM shipment ORDER BY id')).toEqual(['2', '3']);
    expect(await ids('SELECT SKIP 2 id FROM shipment ORDER BY id')).toEqual(['3']);
    expect(await ids('SELECT DISTINCT TOP 2 id FROM shipment ORDER BY id DESC')).toEqual(['3', '2']);
    expect(await ids('SELECT id FROM shipment WHERE id IN (SELECT TOP 1 id FROM shipment ORDER BY id DESC)')).toEqual([
      '3',
    ]);
    expect(await code('SELECT TOP ? id FROM shipment', { sqlParams: [1] })).toBe(-20003);
    expect(await code('SELECT id FROM shipment LIMIT 1')).toBe(-20003);
    expect(await code('SELECT id FROM shipment FETCH FIRST 1 ROWS ONLY')).toBe(-20003);
    expect(await code('SELECT count(*) AS count FROM shipment')).toBe(-20003);
    expect(await rows('SELECT count(*) AS "count" FROM shipment')).toEqual([{ count: '3' }]);
  });

  it('binds positional parameters, also in the form of objects', async () => {
    const { rows } = await withSql();
    const find = (...sqlParams: unknown[]) =>
      rows('SELECT code FROM shipment WHERE bytes > ? AND ok = ?', { sqlParams });
    expect(await find('9007199254740992', true)).toEqual([{ code: 'A' }]);
    expect(await find(1, false)).toEqual([{ code: 'B' }]);
    expect(await find({ name: 'x', value: 1 }, { name: 'y', value: 1 })).toEqual([{ code: 'A' }]);
    expect(await find(null, 1)).toEqual([]);
    expect(await rows('SELECT ? AS a', { sqlParams: ["'; DROP TABLE shipment; --"] })).toHaveLength(1);
  });

  it('joins, groups, names owners and aliases, and compares decimals and times', async () => {
    const { rows, client } = await withSql();
    await client.ok('createTable', { tableName: 'note', fields: [{ name: 'shipmentId', type: 'bigint' }] });
    await client.ok('insertRecords', { tableName: 'note', sourceData: [{ shipmentId: 1 }, { shipmentId: 1 }] });
    const joined = 'SELECT s.code, count(*) n FROM admin.shipment s, note WHERE note.shipmentId = s.id GROUP BY s.code';
    expect(await rows(joined)).toEqual([{ code: 'A', n: '2' }]);
    expect(
      await rows(
        'SELECT admin.shipment.code FROM admin.shipment LEFT JOIN note ON note.shipmentId = shipment.id WHERE note.id IS NULL',
      ),
    ).toHaveLength(2);
    expect(await rows('WITH big AS (SELECT * FROM shipment WHERE rate > 2) SELECT code FROM big')).toEqual([
      { code: 'B' },
    ]);
    expect(await rows("SELECT code FROM shipment WHERE sent > TIMESTAMP '2026-01-05 10:00:00'")).toEqual([
      { code: 'B' },
    ]);
    expect(await rows("SELECT code FROM shipment WHERE sent = {ts '2026-01-05 10:00:00'}")).toEqual([{ code: 'A' }]);
    expect(await rows("SELECT code FROM (SELECT code FROM shipment) x WHERE code LIKE 'a%'")).toEqual([]);
  });

  it('shows the catalogue of tables under any owner', async () => {
    const { rows, client } = await withSql();
    expect(await rows("SELECT tbl, tbltype FROM admin.systables WHERE tbltype = 'T'")).toEqual([
      { tbl: 'shipment', tbltype: 'T' },
    ]);
    await client.ok('createTable', { tableName: 't', ownerName: 'other', fields: [{ name: 'a', type: 'bit' }] });
    expect(await rows('SELECT tbl FROM other.systables')).toHaveLength(2);
  });

  it('reads only, one statement, and only tables of the vendor', async () => {
    const { code } = await withSql();
    for (const sql of ['DELETE FROM shipment', 'WITH a AS (SELECT 1) DELETE FROM shipment', 'PRAGMA user_version']) {
      expect([sql, await code(sql)]).toEqual([sql, expect.not.toSatisfy((answer) => answer === 0)]);
    }
    expect(await code('SELECT 1; SELECT 2')).toBe(-20003);
    expect(await code('SELECT FROM WHERE')).not.toBe(0);
    expect(await code('SELEC 1')).not.toBe(0);
    expect(await code('SELECT (1')).toBe(-20003);
    expect(await code('SELECT 1)')).toBe(-20003);
    expect(await code('SELECT nope FROM shipment')).toBe(-20006);
    for (const table of ['nope', 'sqlite_master', 't2001', '"$tables"', 'other.shipment']) {
      expect([table, await code(`SELECT * FROM ${table}`)]).toEqual([table, -20005]);
    }
  });

  it('pages, counts and opens cursors', async () => {
    const { client } = await withSql();
    const sql = 'SELECT id, code FROM shipment ORDER BY id';
    const page = await client.ok('getRecordsUsingSQL', { sql, skipRecords: 1, maxRecords: 1, forceRecordCount: true });
    expect(page).toMatchObject({ data: [{ code: 'B' }], moreRecords: true, totalRecordCount: 3 });
    const { cursorId } = await client.ok('getRecordsUsingSQL', { sql, returnCursor: true });
    const fetch = async (params: Row) => (await client.call('getRecordsFromCursor', { cursorId, ...params })).result;
    expect((await fetch({ fetchRecords: 2 })).data).toEqual([
      { id: '1', code: 'A' },
      { id: '2', code: 'B' },
    ]);
    expect((await fetch({ fetchRecords: -1 })).data).toEqual([{ id: '2', code: 'B' }]);
    const forward = await client.ok('getRecordsUsingSQL', { sql, returnCursor: true, sqlForwardOnly: true });
    expect(await client.code('getRecordsFromCursor', { cursorId: forward.cursorId, fetchRecords: -1 })).not.toBe(0);
  });
});

describe('runSqlStatements', () => {
  it('gives every statement its own code, while the envelope’s stays 0', async () => {
    const { run, codes } = await withSql();
    const reactions = await run(
      [
        "UPDATE shipment SET rate = rate + 1 WHERE code = 'A'",
        'nonsense',
        'SELECT rate FROM shipment WHERE id = 1',
        "DELETE FROM admin.shipment WHERE code = 'C'",
        'INSERT INTO none VALUES (1)',
      ],
      { onError: 'continue' },
    );
    expect(reactions.map(({ errorCode, affectedRows }) => [errorCode, affectedRows])).toEqual([
      [0, 1],
      [-20003, 0],
      [0, 0],
      [0, 1],
      [-20005, 0],
    ]);
    expect(reactions[2]?.rows).toEqual([{ rate: '2.25' }]);
    expect(await codes()).toEqual(['A', 'B']);
  });

  it('stops at the first error and keeps what was done, or rolls it all back', async () => {
    const { run, codes } = await withSql();
    const statements = ["DELETE FROM shipment WHERE code = 'C'", 'bad', 'DELETE FROM shipment'];
    expect(await run(statements, { onError: 'rollback' })).toHaveLength(2);
    expect(await codes()).toEqual(['A', 'B', 'C']);
    expect(await run(statements)).toHaveLength(2);
    expect(await codes()).toEqual(['A', 'B']);
  });

  it('gives changed records new change ids, and inserted ones their automatic fields', async () => {
    const { run, read } = await withSql();
    const before = (await read()).data;
    await run(["UPDATE shipment SET ok = 1 WHERE code = 'B'", "INSERT INTO shipment (code, rate) VALUES ('D', 1.5)"]);
    const after = (await read()).data;
    expect(Number(after[1]?.changeId)).toBeGreaterThan(Number(before[1]?.changeId));
    expect(after[0]).toEqual(before[0]);
    expect(after[3]).toMatchObject({ id: '4', changeId: expect.any(String), code: 'D', rate: '1.5', bytes: null });
  });

  it('refuses values that their field cannot hold, and equal keys with the SQL code', async () => {
    const { run } = await withSql();
    const values = ["'x', 'not a number', 1, NULL", "'x', 1, 'abc', NULL", "'x', 1, 1, 'soon'", 'NULL, 1, 1, NULL'];
    const statements = values.map((list) => `INSERT INTO shipment (code, bytes, rate, sent) VALUES (${list})`);
    const unique = ['CREATE UNIQUE INDEX u ON shipment (code)', "INSERT INTO shipment (code) VALUES ('A')"];
    const codes = (await run([...statements, ...unique], { onError: 'continue' })).map(({ errorCode }) => errorCode);
    expect(codes.slice(0, 4)).not.toContain(0);
    expect(codes.slice(4)).toEqual([0, -17002]);
  });

  it('makes tables without automatic fields, which then have no protection against conflicts', async () => {
    const { run, client } = await withSql();
    const made = await run([
      'CREATE TABLE athlete (id INTEGER IDENTITY(1,1) NOT NULL PRIMARY KEY, name VARCHAR(30), worth NUMERIC(10,2) DEFAULT 1.5, live BIT)',
      "INSERT INTO athlete (name, live) VALUES ('Babe', 1)",
      'CREATE INDEX by_name ON athlete (name DESC)',
    ]);
    expect(made.map(({ errorCode }) => errorCode)).toEqual([0, 0, 0]);
    const { data } = await client.ok('describeTables', { tableNames: ['athlete'] });
    expect(data[0]).toMatchObject({ changeIdField: null, primaryKeyFields: ['id'] });
    const sourceData = [{ id: 1, name: 'Ruth' }];
    const updated = await client.ok('updateRecords', { tableName: 'athlete', sourceData });
    expect(updated.data).toEqual([{ id: '1', name: 'Ruth', worth: '1.5', live: true }]);
    const dropped = await run(['DROP INDEX by_name', 'DROP TABLE athlete', 'DROP TABLE athlete'], {
      onError: 'continue',
    });
    expect(dropped.map(({ errorCode }) => errorCode)).toEqual([0, 0, -20005]);
  });

  it('cannot join a transaction', async () => {
    const { client } = await withSql();
    const { transactionId } = await client.ok('createTransaction', {});
    expect(await client.code('runSqlStatements', { sqlStatements: ['SELECT 1'], transactionId })).toBe(14702);
  });
});

it('the calls of the published SQLAlchemy dialect work', async () => {
  const { ok, call } = await signIn(await startSimulator());
  const made = await call('runSQLStatements', {
    sqlStatements: ['CREATE TABLE demo (id INTEGER IDENTITY(1,1) NOT NULL, done BIT)'],
  });
  expect(made.errorCode).toBe(0);
  const { fields } = await ok('getRecordsUsingSQL', { sql: 'SELECT TOP 1 * FROM admin.demo' });
  expect(fields.map(({ name, type }) => [name, type])).toEqual([
    ['id', 'integer'],
    ['done', 'bit'],
  ]);
});
