import type { Queryable } from '../support/drive.ts';

/** Leaves and an intermediate partition: January and before, February, and March by device. */
export const partitionedReadings = `
  create table app.readings (at timestamptz not null, device text, amount integer) partition by range (at);
  create table app.january partition of app.readings for values from (minvalue) to ('2026-02-01Z');
  create table app.february partition of app.readings for values from ('2026-02-01Z') to ('2026-03-01Z');
  create table app.later partition of app.readings for values from ('2026-03-01Z') to ('2026-04-01Z') partition by list (device);
  create table app.later_d1 partition of app.later for values in ('d1');
  create table app.later_rest partition of app.later default;
  create index on app.readings (at)`;

export interface TrackedReadings {
  /** DDL of app.readings. */
  readonly table?: string;
  /** More arguments of create_rollup_table. */
  readonly more?: string;
  /** Statements to be run before the rollups are declared. */
  readonly before?: string;
}

/**
 * app.readings with three days of rows around the turn of January, and two rollups of it: hourly by device, and daily in
 * Berlin. Nothing is computed yet.
 */
export async function createTrackedReadings(
  database: Queryable,
  { before = '', more = '', table = partitionedReadings }: TrackedReadings = {},
): Promise<void> {
  await database.query(`create schema app; ${table};
    insert into app.readings
    select timestamptz '2026-01-30Z' + i * interval '20 minutes', 'd' || i % 2, i from generate_series(0, 215) i;
    insert into app.readings values ('2026-03-02 10:00Z', 'd1', 1), ('2026-03-02 10:00Z', 'd2', 1), ('2026-03-05 11:00Z', 'd2', 2);
    ${before}`);
  await database.query(`
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2026-01-28Z', dimensions => '{device}' ${more});
    select silver.create_rollup_table('app.readings', 'app', 'daily', '1 day', start_from => '2026-01-28 00:00 Europe/Berlin',
      dimensions => '{}', exclude => '{device}', bucket_time_zone => 'Europe/Berlin' ${more});
    update silver.timeseries_rollup_config set rerun_interval = '0'`);
}

/** Groups in which a live view differs from the source aggregated from scratch, in one snapshot. Of the tables, when so asked. */
export function differences(
  database: Queryable,
  suffix: '_live' | '' = '_live',
): Promise<Record<string, unknown>[]> {
  return database.query(differencesText(suffix));
}

/** The statement behind {@link differences}, for a cursor or another session. */
export function differencesText(suffix: '_live' | '' = '_live'): string {
  const within = `at >= timestamptz '2026-01-28Z' and isfinite(at)`;
  return `
    select target, timestamp, device, max(fresh) as fresh, max(stored) as stored
    from (
      select 'hourly' as target, date_bin('1 hour', at, '2000-01-01Z') as timestamp, device, row(count(*), sum(amount), max(amount))::text as fresh, null as stored
      from app.readings where ${within} group by 2, 3
      union all
      select 'hourly', timestamp, device, null, row(row_count, sum_amount, max_amount)::text from app.hourly${suffix}
      union all
      select 'daily', date_trunc('day', at, 'Europe/Berlin'), null, row(count(*), sum(amount), max(amount))::text, null
      from app.readings where at >= '2026-01-28 00:00 Europe/Berlin' and isfinite(at) group by 2
      union all
      select 'daily', timestamp, null, null, row(row_count, sum_amount, max_amount)::text from app.daily${suffix}
    ) as both_sides
    group by target, timestamp, device
    having max(fresh) is distinct from max(stored) or count(*) <> 2
    order by 1, 2, 3`;
}
