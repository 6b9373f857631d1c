import type pg from 'pg';
import { insertHistory } from './row-statements.ts';
import { absentDays, newestDays, recentMinutes } from './time-span.ts';

/** A rollup of the hierarchy, and its buckets written down a second time, independently of Silver. */
export interface Level {
  readonly target: string;
  readonly source: string;
  readonly width: string;
  readonly zone: string;
  /** Start of the bucket of an instant `at`, in SQL. */
  readonly bucket: string;
  /** First instant it is to hold: a column of chaos.origin. */
  readonly from: 'long_ago' | 'recently';
}

/**
 * Two roots of different width on one source. Buckets of two seconds keep the horizon moving; hours reach back for months,
 * and over them stand days and months of a zone with clock changes.
 */
export const levels: readonly Level[] = [
  {
    target: 'seconds',
    source: 'readings',
    width: '2 seconds',
    zone: 'UTC',
    bucket: `date_bin('2 seconds', at, '2000-01-03Z')`,
    from: 'recently',
  },
  {
    target: 'tens',
    source: 'seconds',
    width: '10 seconds',
    zone: 'UTC',
    bucket: `date_bin('10 seconds', at, '2000-01-03Z')`,
    from: 'recently',
  },
  {
    target: 'hours',
    source: 'readings',
    width: '1 hour',
    zone: 'UTC',
    bucket: `date_bin('1 hour', at, '2000-01-03Z')`,
    from: 'long_ago',
  },
  {
    target: 'days',
    source: 'hours',
    width: '1 day',
    zone: 'Europe/Berlin',
    bucket: `date_trunc('day', at, 'Europe/Berlin')`,
    from: 'long_ago',
  },
  {
    target: 'months',
    source: 'days',
    width: '1 month',
    zone: 'Europe/Berlin',
    bucket: `date_trunc('month', at, 'Europe/Berlin')`,
    from: 'long_ago',
  },
];

const historyRows = 4_000;

/** Creates source, history and rollups in a migrated database that has none of them. */
export async function createHierarchy(client: pg.Client): Promise<void> {
  await client.query(`
    create schema chaos;
    create table chaos.origin as
      select date_trunc('day', now(), 'UTC') as today,
        date_trunc('month', now() - interval '100 days', 'Europe/Berlin') as long_ago,
        date_bin('10 seconds', now() - interval '${recentMinutes} minutes', '2000-01-03Z') as recently;
    create table chaos.readings (
      at timestamptz not null, device text, amount numeric(12, 3), count integer, level double precision, note jsonb
    ) partition by range (at);
    create unique index on chaos.readings (at, device, count)`);
  // A leaf, a partitioned partition, and gaps in which leaves come and go.
  await client.query(`
    do $$
    declare
      today timestamptz := (select today from chaos.origin);
    begin
      execute format('create table chaos.oldest partition of chaos.readings for values from (minvalue) to (%L)',
        today - interval '${absentDays.from} days');
      execute format('create table chaos.middle partition of chaos.readings for values from (%L) to (%L) partition by list (device)',
        today - interval '${absentDays.to} days', today - interval '${newestDays} days');
      create table chaos.middle_a partition of chaos.middle for values in ('a', 'b');
      create table chaos.middle_rest partition of chaos.middle default;
      execute format('create table chaos.newest partition of chaos.readings for values from (%L) to (maxvalue)',
        today - interval '${newestDays} days');
    end $$`);
  await client.query(insertHistory(historyRows, '21 minutes'));
  // Every tenth chunk takes its time, after it has written, so that processes die and others look in the middle of it.
  await client.query(`
    create function chaos.linger() returns trigger language plpgsql as $$
    begin
      if current_setting('chaos.chunk', true) is distinct from pg_current_xact_id()::text then
        perform set_config('chaos.chunk', pg_current_xact_id()::text, true);
        if random() < 0.1 then
          perform pg_sleep(random());
        end if;
      end if;
      return null;
    end $$`);
  for (const { from, source, target, width, zone } of levels) {
    await client.query(
      `select silver.create_rollup_table('chaos.' || $1::text, 'chaos', $2, $3::interval, start_from => o.${from}, bucket_time_zone => $4,
         dimensions => case when $1 = 'readings' then '{device}' end::text[], safety_buffer => '0', stale_after => '5 seconds',
         max_retries => 100)
       from chaos.origin o`,
      [source, target, width, zone],
    );
    await client.query(`create trigger linger after insert or update or delete on chaos.${target}
      for each statement execute function chaos.linger()`);
  }
  // Buckets of a few rows would be cheaper whole: by group wherever it is possible, so that this way is tried too.
  await client.query(`update silver.timeseries_rollup_config
    set rerun_interval = '200 milliseconds', retry_delay = '1 second', retry_delay_max = '2 seconds', on_partition_drop = 'recompute',
      late_precision = 'groups'`);
}

/** Takes it all away again; nobody may be writing. May be called again when it failed half-way, because a chunk was running. */
export async function dropHierarchy(client: pg.Client): Promise<void> {
  for (const { target } of [...levels].reverse()) {
    await client.query(`select silver.drop_rollup($1, true) where to_regclass($1) is not null`, [
      `chaos.${target}`,
    ]);
  }
  await client.query('drop schema if exists chaos cascade');
}
