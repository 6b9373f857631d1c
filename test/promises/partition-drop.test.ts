import { describe, expect, it } from 'vitest';
import { chunkIds, runChunks, settle, tick } from '../support/drive.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

const januaryRows = `(select coalesce(sum(row_count), 0)::int from app.hourly where timestamp < '2026-02-01Z')`;

/** Rows of January in the table and in the live view. */
async function january(database: TestDatabase): Promise<readonly [table: number, live: number]> {
  const [row] = await database.query<{ stored: number; live: number }>(
    `select ${januaryRows} as stored, ${januaryRows.replace('app.hourly', 'app.hourly_live')} as live`,
  );
  return [row?.stored ?? -1, row?.live ?? -1];
}

describe('a partition of the source is dropped, on_partition_drop keep', () => {
  const database = useDatabase();

  it('what was computed from it stays, at once and for good', async () => {
    await createTrackedReadings(database);
    await settle(database);
    expect(await january(database)).toEqual([144, 144]);
    await database.query('drop table app.january');
    expect(await january(database)).toEqual([144, 144]);
    await settle(database);
    expect(await january(database)).toEqual([144, 144]);
    const found = `select count(*)::int as n from silver.verify_rollup('app.hourly')`;
    expect(await database.query(found)).toEqual([{ n: 0 }]);
  });

  it('a late row in a partition that takes its place in part is seen, what is still gone stays', async () => {
    await database.query(`create table app.again partition of app.readings for values from ('2026-01-31 12:00Z') to ('2026-02-01Z');
      insert into app.readings values ('2026-01-31 13:00Z', 'new', 1)`);
    await settle(database);
    // Half a day of 72 rows a day is taken over by the one that came.
    expect(await january(database)).toEqual([144 - 36 + 1, 144 - 36 + 1]);
  });

  it('an invalidation is refused, and with force the buckets follow the source', async () => {
    await expect(
      database.query(`select silver.invalidate('app.hourly', '2026-01-30Z', '2026-01-30 01:00Z')`),
    ).rejects.toMatchObject({ code: '22023', hint: expect.stringContaining('force') });
    await database.query(
      `select silver.invalidate('app.hourly', '2026-01-30Z', '2026-01-30 01:00Z', force => true)`,
    );
    await settle(database);
    expect(await january(database)).toEqual([144 - 36 + 1 - 3, 144 - 36 + 1 - 3]);
  });

  it('changes of what is kept are counted and reported, not computed', async () => {
    await database.query(
      `create table app.elsewhere partition of app.readings for values from ('2020-01-01Z') to ('2020-02-01Z')`,
    );
    await settle(database);
    await database.query(`update silver.timeseries_progress set frozen_hits = 0;
      begin; select silver.lock_progress(1), silver.mark_dirty(1, '{[2026-01-30 02:10+00, 2026-01-30 03:10+00)}'); commit`);
    expect(
      await database.query(
        `select frozen_hits::int as hits from silver.timeseries_operations_monitor where target_table = 'app.hourly'`,
      ),
    ).toEqual([{ hits: 2 }]);
    expect(
      await database.query(
        `select distinct code from silver.validate_rollup_config() where code in ('frozen_hits', 'source_gone') order by 1`,
      ),
    ).toEqual([{ code: 'frozen_hits' }, { code: 'source_gone' }]);
  });
});

describe('a partition leaves while a chunk of its buckets is planned', () => {
  const database = useDatabase();

  it('the chunk leaves them as they are', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(`insert into app.january values ('2026-01-30 01:00Z', 'late', 1)`);
    await tick(database);
    expect(await chunkIds(database)).not.toEqual([]);
    await database.query(`alter table app.readings detach partition app.january`);
    expect(await january(database)).toEqual([144, 144]);
    await runChunks(database);
    expect(await january(database)).toEqual([144, 144]);
    await settle(database);
    expect(await january(database)).toEqual([144, 144]);
  });

  it('a partition cannot leave while a chunk computes its buckets', async () => {
    await database.query(
      `alter table app.readings attach partition app.january for values from (minvalue) to ('2026-02-01Z')`,
    );
    await tick(database);
    const [chunk] = await chunkIds(database);
    await database.query('begin');
    await database.query(`select silver.run_chunk($1, 'test', 1)`, [chunk?.chunk_id]);
    const other = await database.connect();
    await other.query(`set lock_timeout = '50ms'`);
    await expect(
      other.query(`alter table app.readings detach partition app.january`),
    ).rejects.toMatchObject({ code: '55P03' });
    await database.query('commit');
    await settle(database);
    expect(await january(database)).toEqual([145, 145]);
    expect(await differences(database)).toEqual([]);
  });
});

describe('a partition of the source is detached, on_partition_drop recompute', () => {
  const database = useDatabase();

  it('its rows count as deleted, at once and for good', async () => {
    await createTrackedReadings(database, { more: `, on_partition_drop => 'recompute'` });
    await settle(database);
    await database.query('alter table app.readings detach partition app.january');
    expect(await january(database)).toEqual([144, 0]);
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await january(database)).toEqual([0, 0]);
    expect(await differences(database, '')).toEqual([]);
    await database.query(
      `alter table app.readings attach partition app.january for values from (minvalue) to ('2026-02-01Z')`,
    );
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await january(database)).toEqual([144, 144]);
  });
});

describe('a partition that comes full and goes before any scheduler has seen it', () => {
  const database = useDatabase();

  it('leaves nothing behind, though a chunk has read it', async () => {
    await createTrackedReadings(database, { more: `, on_partition_drop => 'recompute'` });
    await settle(database);
    await database.query(`select silver.invalidate('app.readings', '2026-04-10Z', '2026-04-11Z')`);
    await tick(database);
    await database.query(`create table app.april as select '2026-04-10 05:00Z'::timestamptz as at, 'd1' as device, 7 as amount;
      alter table app.april alter at set not null;
      alter table app.readings attach partition app.april for values from ('2026-04-01Z') to ('2026-05-01Z')`);
    await runChunks(database);
    const april = `select count(*)::int as n from app.hourly where timestamp >= '2026-04-01Z'`;
    expect(await database.query(april)).toEqual([{ n: 1 }]);
    await database.query('alter table app.readings detach partition app.april');
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
    expect(await database.query(april)).toEqual([{ n: 0 }]);
  });
});

describe('a partition exchanged for another of the same time', () => {
  const database = useDatabase();

  it('is followed, whether or not a scheduler looks in between', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(
      `create table app.copy as select * from app.january where device = 'd1'; alter table app.copy alter at set not null`,
    );
    await database.query(`begin; alter table app.readings detach partition app.january;
      alter table app.readings attach partition app.copy for values from (minvalue) to ('2026-02-01Z'); commit`);
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
    await database.query('alter table app.readings detach partition app.copy');
    await settle(database);
    expect(await january(database)).toEqual([72, 72]);
    await database.query(
      `alter table app.readings attach partition app.january for values from (minvalue) to ('2026-02-01Z')`,
    );
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });
});

describe('with nothing kept', () => {
  const database = useDatabase();

  it('history is erased, and this test sees it', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(`create or replace function silver.kept_buckets(rollup_id integer) returns tstzmultirange language sql as $$ select '{}'::tstzmultirange $$;
      insert into app.january select '2026-01-30 01:00Z', min(device), 1 from app.january`);
    await tick(database);
    await database.query('drop table app.january');
    await settle(database);
    const [stored] = await january(database);
    expect(stored).toBeLessThan(144);
  });
});
