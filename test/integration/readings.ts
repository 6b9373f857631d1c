import type { TestDatabase } from '../support/use-database.ts';

/** 2001-01-01 onwards, one reading a minute from three devices in turn: 60 rows an hour. */
export async function createReadings(database: TestDatabase, hours: number): Promise<void> {
  await database.query(`
    create table public.readings (at timestamptz not null, device text not null, value integer not null);
    create index on public.readings (at)`);
  await database.query(
    `insert into public.readings
     select timestamptz '2001-01-01Z' + i * interval '1 minute', 'd' || i % 3, i % 100 from generate_series(0, $1 * 60 - 1) i`,
    [hours],
  );
  await database.query('analyze public.readings');
}

/** Declares the hourly rollup of the readings by device. */
export async function declareHourly(database: TestDatabase, more = ''): Promise<number> {
  const [row] = await database.query<{ rollup_id: number }>(
    `with made as (
       select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour',
         start_from => '2001-01-01Z', dimensions => '{device}' ${more}) as target)
     select rollup_id from made join silver.timeseries_rollup_config on target_table = target`,
  );
  if (row !== undefined) return row.rollup_id;
  // A snapshot taken before the function ran does not see what it wrote.
  const [after] = await database.query<{ rollup_id: number }>(
    `select rollup_id from silver.timeseries_rollup_config where target_table = 'public.hourly'::regclass`,
  );
  return after?.rollup_id ?? 0;
}

/** Groups in which the target differs from the source aggregated from scratch: none, when all is well. */
export async function mismatches(database: TestDatabase): Promise<unknown[]> {
  return database.query(`
    select * from (
      select date_bin('1 hour', at, '2001-01-01Z') as at, device, count(*) as rows, sum(value) as total
      from public.readings group by 1, 2) as s
    full join public.hourly as t on t.timestamp = s.at and t.device = s.device
    where (s.rows, s.total) is distinct from (t.row_count, t.sum_value::numeric)`);
}

/** Whether nothing is pending, in flight or unread. What is pending may wait, for a circuit or for room, and then is not due. */
export async function isSettled(database: Pick<TestDatabase, 'query'>): Promise<boolean> {
  const [row] = await database.query<{ settled: boolean }>(`
    select not exists (select from silver.timeseries_chunk)
      and not exists (select from silver.timeseries_invalidation_log)
      and not exists (select from silver.timeseries_drain)
      and not exists (select from silver.timeseries_progress where not isempty(dirty))
      and not exists (
        select from silver.timeseries_rollup_config r cross join lateral silver.pending(r.rollup_id) work
        where not isempty(work.forward) or not isempty(work.late))
      and not exists (select from silver.due_sources()) as settled`);
  return row?.settled ?? false;
}
