import { describe, expect, it } from 'vitest';
import { type Queryable, runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

/** Buckets of February, whose leaf is free, in which a relation differs from the leaf. */
const wrongInFebruary = (database: Queryable, relation: string) =>
  database.query(
    `select coalesce(f.timestamp, t.timestamp) as timestamp, coalesce(f.device, t.device) as device, f.n as fresh, t.row_count as stored
     from (select date_bin('1 hour', at, '2000-01-01Z') as timestamp, device, count(*) as n from app.february group by 1, 2) as f
     full join (select * from ${relation} where timestamp >= '2026-02-01Z' and timestamp < '2026-03-01Z') as t
       on t.timestamp = f.timestamp and t.device = f.device
     where f.n is distinct from t.row_count`,
  );

/** A backlog of a rollup not computed yet, so that the planner asks where the rows of the source lie; and late rows. */
async function makeWork(database: Queryable): Promise<void> {
  await database.query(`
    select silver.create_rollup_table('app.readings', 'app', 'six', '6 hours', start_from => '2026-02-01Z', dimensions => '{device}');
    insert into app.readings values ('2026-02-05 10:00Z', 'd1', 5), ('2026-02-02 03:10Z', 'd0', 6), ('2026-03-05 11:20Z', 'd2', 7)`);
}

/** Planned and computed as a scheduler and workers with a lock timeout do, in turns until nothing is left that can be done. */
async function workOn(database: Queryable): Promise<void> {
  await database.query(`set lock_timeout = '2s'`);
  await settle(database);
  await database.query('reset lock_timeout');
}

describe.each([
  ['ALTER TABLE', `alter table app.january add constraint positive check (amount >= 0)`],
  ['TRUNCATE', `truncate app.january`],
])('a transaction with %s held open on a leaf', (_name, ddl) => {
  const database = useDatabase();

  it('stops neither planning nor the chunks of other leaves, and what they compute is right', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await makeWork(database);
    const holder = await database.connect();
    await holder.query(`begin; ${ddl}`);
    await workOn(database);
    for (const relation of ['app.hourly', 'app.hourly_live']) {
      expect(await wrongInFebruary(database, relation)).toEqual([]);
    }
    expect(
      await database.query(
        `select reason, lag_seconds from silver.timeseries_operations_monitor order by rollup_id`,
      ),
    ).toEqual(Array(3).fill({ reason: 'fresh', lag_seconds: 0 }));
    // What it may still write is computed once more when it has ended, either way.
    await holder.query('commit');
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database)).toEqual([]);
    expect(await differences(database, '')).toEqual([]);
  });

  it('keeps whoever needs that leaf waiting for no longer than the lock timeout, and fails but that chunk', async () => {
    await database.query(`insert into app.january values ('2026-01-30 05:10Z', 'late', 1)`);
    const holder = await database.connect();
    await holder.query(`begin; ${ddl.replace('positive', 'also_positive')}`);
    await expect(workOn(database)).rejects.toMatchObject({ code: '55P03' });
    await database.query(`reset lock_timeout`);
    await holder.query('rollback');
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });
});

describe.each([
  [
    'a chunk that locks every leaf',
    `create or replace function silver.lock_source_tree(source_id integer) returns void language plpgsql as $$
     begin perform from app.readings limit 0; end $$`,
  ],
  [
    'a planner that waits for where the rows lie',
    `do $$ begin execute replace(pg_get_functiondef('silver.recent_extent(integer)'::regprocedure), '200ms', '1h'); end $$`,
  ],
])('with %s', (_name, sabotage) => {
  const database = useDatabase();

  it('all of the source stops, and this test sees it', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(sabotage);
    await makeWork(database);
    await database.query(`update silver.timeseries_source_extent set read_at = '2001-01-01Z'`);
    const holder = await database.connect();
    await holder.query(
      `begin; alter table app.january add constraint positive check (amount >= 0)`,
    );
    const worker = await database.connect();
    await worker.query(`set lock_timeout = '1s'; set statement_timeout = '3s'`);
    const driven: Queryable = {
      query: async (text, values) => (await worker.query(text, values)).rows,
    };
    await expect(
      (async () => {
        while ((await tick(driven)) > 0) {
          await runChunks(driven);
        }
      })(),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(55P03|57014)$/) });
    await holder.query('rollback');
  });
});
