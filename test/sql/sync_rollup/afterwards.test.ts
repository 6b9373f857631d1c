import { beforeAll, expect, it } from 'vitest';
import { settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await database.query(`create schema app; create table app.readings (at timestamptz not null, value integer);
    insert into app.readings values ('2026-01-01Z', 1);
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2026-01-01Z');
    update silver.timeseries_rollup_config set rerun_interval = '0'`);
  await settle(database);
});

it('a chunk that died of the change has its attempts again', async () => {
  await database.query(`insert into app.readings values ('2026-01-01Z', 2)`);
  await tick(database);
  await database.query(`alter table app.readings rename column value to amount`);
  const [chunk] = await database.query<{ id: string }>(
    `select chunk_id::text as id from silver.timeseries_chunk`,
  );
  await database.query(`select silver.start_chunk($1, 'w', 1, null)`, [chunk?.id]);
  await database.query(
    `select silver.fail_chunk($1, 'w', 1, '{"message": "the source changed shape"}')`,
    [chunk?.id],
  );
  await database.query(`select silver.bury_chunk($1)`, [chunk?.id]);
  expect(await database.query(`select state from silver.timeseries_chunk`)).toEqual([
    { state: 'dead' },
  ]);
  await database.query(`select silver.sync_rollup('app.hourly')`);
  await database.query(`call silver.run_rollups()`);
  expect(await database.query(`select sum_value::int as sum from app.hourly`)).toEqual([
    { sum: 3 },
  ]);
  expect(await database.query(`select state from silver.timeseries_chunk`)).toEqual([]);
});

it('a time column renamed in one transaction with the call keeps no writer out', async () => {
  const writer = await database.connect();
  await database.query(
    `begin; alter table app.readings rename column at to happened; select silver.sync_rollup('app.hourly')`,
  );
  const waiting = writer.query(
    `insert into app.readings (happened, amount) values ('2026-01-01Z', 4)`,
  );
  await database.query('commit');
  await waiting;
  await settle(database);
  expect(await database.query(`select sum_value::int as sum from app.hourly`)).toEqual([
    { sum: 7 },
  ]);
});

it('the live view keeps its readers when a column is retyped, and says so where a view of somebody’s is in the way', async () => {
  await database.query(
    `grant select on app.hourly, app.hourly_live to pg_monitor; alter table app.readings alter column amount type bigint; select silver.sync_rollup('app.hourly')`,
  );
  expect(
    await database.query(
      `select has_table_privilege('pg_monitor', 'app.hourly_live', 'select') as may`,
    ),
  ).toEqual([{ may: true }]);
  await database.query(
    `create view app.mine as select * from app.hourly_live; alter table app.readings alter column amount type numeric`,
  );
  await expect(database.query(`select silver.sync_rollup('app.hourly')`)).rejects.toMatchObject({
    code: '2BP01',
  });
  expect(await database.query(`select sum(sum_value)::int as sum from app.mine`)).toEqual([
    { sum: 7 },
  ]);
  await database.query(`drop view app.mine; select silver.sync_rollup('app.hourly')`);
  await settle(database);
  expect(await database.query(`select min_value::text as least from app.hourly_live`)).toEqual([
    { least: '1' },
  ]);
});
