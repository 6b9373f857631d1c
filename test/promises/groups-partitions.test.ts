import { beforeEach, describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';

describe('a bucket of which the changed groups are known, while its partitions come and go', () => {
  const database = useDatabase();
  const late = (device: number) =>
    `insert into app.readings values ('2026-03-01 05:10Z', ${device}, 7)`;
  const differences = (suffix: string) =>
    database.query(`
      with expected as (
        select date_bin('1 hour', at, '2000-01-03Z') as "timestamp", device, count(*) as row_count, sum(amount)::numeric as sum_amount
        from app.readings group by 1, 2
      ), stored as (select "timestamp", device, row_count, sum_amount::numeric from app.hourly${suffix})
      (table expected except table stored) union all (table stored except table expected)`);

  beforeEach(async () => {
    await database.query(`
      drop schema if exists app cascade; create schema app;
      create table app.readings (at timestamptz not null, device integer not null, amount integer) partition by list (device);
      create table app.one partition of app.readings for values in (1);
      create table app.two partition of app.readings for values in (2);
      create index on app.readings (device, at);
      insert into app.readings select timestamptz '2026-03-01Z' + i * interval '10 minutes', 1 + i % 2, i from generate_series(0, 99) i`);
    await database.query(`
      select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-03-01Z', on_partition_drop => 'recompute')`);
    await database.query(
      `update silver.timeseries_rollup_config set rerun_interval = '0', late_precision = 'groups'`,
    );
    await settle(database);
    return async () => {
      await database.query(`select silver.drop_rollup('app.hourly', true)`);
    };
  });

  const consume = () =>
    database.query('select silver.open_turn(source_id) from silver.timeseries_tracked_source');

  it('one leaves: its groups go, too', async () => {
    await database.query(late(1));
    await consume();
    await database.query('alter table app.readings detach partition app.two');
    expect(await differences('_live')).toEqual([]);
    await settle(database);
    expect(await differences('')).toEqual([]);
  });

  it('one comes full, is read by a chunk, and leaves before any scheduler has seen it', async () => {
    // A chunk of the whole bucket is in flight, and what was written meanwhile is known by group.
    await database.query(`begin isolation level repeatable read; ${late(1)}; commit`);
    await tick(database);
    await database.query(late(1));
    await consume();
    await database.query(`
      create table app.nine (like app.readings);
      insert into app.nine values ('2026-03-01 05:10Z', 9, 1);
      alter table app.readings attach partition app.nine for values in (9)`);
    await runChunks(database);
    await database.query('alter table app.readings detach partition app.nine');
    await settle(database);
    expect(await differences('')).toEqual([]);
    expect(await differences('_live')).toEqual([]);
  });
});
