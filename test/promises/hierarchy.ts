import type { TestDatabase } from '../support/use-database.ts';

/** Raw readings in day partitions; hourly by device, from it daily in Berlin, from it monthly in Berlin. */
export async function createHierarchy(
  database: TestDatabase,
  days = 40,
  startFrom = '2026-01-01 00:00 Europe/Berlin',
): Promise<void> {
  await database.query(`
    create schema app;
    create table app.readings (
      at timestamptz not null, device text, amount numeric(10, 2), count integer, level double precision
    ) partition by range (at);
    create table app.readings_old partition of app.readings for values from (minvalue) to ('2026-02-01Z');
    create table app.readings_new partition of app.readings for values from ('2026-02-01Z') to (maxvalue);
    create index on app.readings (at)`);
  await database.query(
    `insert into app.readings
     select timestamptz '2026-01-10Z' + i * interval '17 minutes', case when i % 4 > 0 then 'd' || i % 4 end,
       i % 1000 / 7.0, i, i / 3.0
     from generate_series(0, $1 * 84) i`,
    [days],
  );
  for (const [source, target, width] of [
    ['readings', 'hourly', '1 hour'],
    ['hourly', 'daily', '1 day'],
    ['daily', 'monthly', '1 month'],
  ]) {
    await database.query(
      `select silver.create_rollup_table('app.' || $1::text, 'app', $2, $3::interval, start_from => $4::timestamptz,
         dimensions => case $2 when 'hourly' then '{device}' end::text[], bucket_time_zone => case $2 when 'hourly' then 'UTC' else 'Europe/Berlin' end)`,
      [source, target, width, startFrom],
    );
  }
  // Tests do not rest between two late runs.
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
}

/**
 * Groups in which a live view differs from the source aggregated from scratch, in one statement and so in one snapshot:
 * target, time, device. None when promise 1 is kept.
 */
export function liveMismatches(database: TestDatabase): Promise<Record<string, unknown>[]> {
  return database.query(
    ['hourly', 'daily', 'monthly']
      .map((target) => compare(target, `app.${target}_live`))
      .join(' union all '),
  );
}

/** The same for the tables, which are right once everything is settled, up to what has fallen due. */
export function tableMismatches(database: TestDatabase): Promise<Record<string, unknown>[]> {
  return database.query(
    ['hourly', 'daily', 'monthly']
      .map((target) => compare(target, `app.${target}`))
      .join(' union all '),
  );
}

function compare(target: string, relation: string): string {
  const bucket = {
    hourly: `date_bin('1 hour', at, '2000-01-01Z')`,
    daily: `date_trunc('day', at, 'Europe/Berlin')`,
    monthly: `date_trunc('month', at, 'Europe/Berlin')`,
  }[target];
  // Groups by union, for a null device joins with nothing.
  return `
    select '${target}' as target, timestamp, device, max(fresh) as fresh, max(stored) as stored
    from (
      select ${bucket} as timestamp, device,
        row(count(*), min(amount), max(amount), sum(amount), min(count), sum(count)::numeric, count(level))::text as fresh,
        null as stored
      from app.readings where at >= '2026-01-01 00:00 Europe/Berlin' group by 1, 2
      union all
      select timestamp, device, null,
        row(row_count, min_amount, max_amount, sum_amount, min_count, sum_count::numeric, count_level)::text
      from ${relation}
    ) as both_sides
    group by timestamp, device
    having max(fresh) is distinct from max(stored) or count(*) <> 2`;
}
