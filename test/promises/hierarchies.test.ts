import { beforeAll, describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createHierarchy, liveMismatches, tableMismatches } from './hierarchy.ts';

describe('a hierarchy three deep', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await createHierarchy(database, 20);
    await settle(database);
  });

  const pending = () =>
    database.query(`select r.target_table::text as target, q.late::text from silver.timeseries_rollup_config r
      cross join lateral silver.pending(r.rollup_id) q where not isempty(q.late) order by 1`);
  const refreshed = () =>
    database.query(`select r.target_table::text as target, count(*)::int as refreshes from silver.timeseries_refresh_log l
      join silver.timeseries_rollup_config r using (rollup_id) group by 1 order by 1`);

  it('a late raw row shows in the daily and the monthly live view at once', async () => {
    await database.query(`insert into app.readings values ('2026-01-15 03:10Z', 'late', 1, 1, 1)`);
    const seen = await database.query(`
      select 'daily' as target, timestamp::text, row_count::int from app.daily_live where device = 'late'
      union all select 'monthly', timestamp::text, row_count::int from app.monthly_live where device = 'late' order by 1`);
    expect(seen).toEqual([
      { target: 'daily', timestamp: '2026-01-14 23:00:00+00', row_count: 1 },
      { target: 'monthly', timestamp: '2025-12-31 23:00:00+00', row_count: 1 },
    ]);
    expect(await liveMismatches(database)).toEqual([]);
  });

  it('a parent’s changed buckets dirty exactly their children’s buckets, one level after the other', async () => {
    await tick(database);
    await runChunks(database);
    await database.query('select silver.consume_log(2)');
    expect(await pending()).toEqual([
      { target: 'app.daily', late: '{["2026-01-14 23:00:00+00","2026-01-15 23:00:00+00")}' },
    ]);
    expect(await liveMismatches(database)).toEqual([]);
    await tick(database);
    await runChunks(database);
    await database.query('select silver.consume_log(3)');
    expect(await pending()).toEqual([
      { target: 'app.monthly', late: '{["2025-12-31 23:00:00+00","2026-01-31 23:00:00+00")}' },
    ]);
    await settle(database);
    expect(await tableMismatches(database)).toEqual([]);
  });

  it('a parent computed again with the same result wakes no child', async () => {
    const before = await refreshed();
    await database.query(`select silver.invalidate('app.hourly', '2026-01-12Z', '2026-01-20Z')`);
    await settle(database);
    const after = await refreshed();
    expect(after).toEqual(
      before.map((row) =>
        row['target'] === 'app.hourly' ? { ...row, refreshes: Number(row['refreshes']) + 1 } : row,
      ),
    );
  });

  it('a bucket whose last row goes disappears at every level, and a moved row leaves the old one right', async () => {
    await database.query(`delete from app.readings where device = 'late'`);
    expect(await liveMismatches(database)).toEqual([]);
    await settle(database);
    const gone = ['hourly', 'daily', 'monthly'].map(
      (target) => `select from app.${target} where device = 'late'`,
    );
    expect(await database.query(gone.join(' union all '))).toEqual([]);
    await database.query(
      `update app.readings set at = at + interval '33 days' where at between '2026-01-16 05:00Z' and '2026-01-16 06:00Z'`,
    );
    expect(await liveMismatches(database)).toEqual([]);
    await settle(database);
    expect(await tableMismatches(database)).toEqual([]);
  });

  it('a cycle is refused, and one made by hand is found', async () => {
    await expect(
      database.query(
        `select silver.create_rollup_table('app.monthly', 'app', 'hourly', '1 month')`,
      ),
    ).rejects.toMatchObject({ code: '42710' });
    await database.query(
      `begin; update silver.timeseries_rollup_config set source_table = 'app.monthly' where target_table = 'app.hourly'::regclass`,
    );
    expect(
      await database.query(
        `select code from silver.validate_rollup_config() where code = 'cycle' and target_table = 'app.hourly'`,
      ),
    ).toEqual([{ code: 'cycle' }]);
    await database.query('rollback');
  });

  it('without the parents’ unsettled set a child’s live view is wrong, and this test sees it', async () => {
    await database.query(`do $$ begin
      execute replace(pg_get_functiondef('silver.unsettled'::regproc), 'doubtful := doubtful + silver.unsettled(parent_id);', '');
    end $$`);
    await database.query(`insert into app.readings values ('2026-01-15 03:10Z', 'late', 1, 1, 1)`);
    const wrong = await liveMismatches(database);
    expect(new Set(wrong.map(({ target }) => target))).toEqual(new Set(['daily', 'monthly']));
  });
});
