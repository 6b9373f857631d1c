import type { TestDatabase } from '../support/use-database.ts';
import { callRollups } from './call-results.ts';

/**
 * Ten days of readings that end now, one every half hour of two devices; from them `public.hourly` in partitions of a day, which keeps
 * five days, and from that `public.daily`, which keeps everything. All of it computed.
 */
export async function createRecentReadings(database: TestDatabase): Promise<void> {
  await database.query(
    `create table public.readings (at timestamptz not null, device text not null, value integer not null);
     create index on public.readings (at);
     insert into public.readings
     select at, device, extract(hour from at) from generate_series(date_trunc('day', now(), 'UTC') - interval '10 days', now(), interval '30 minutes') at,
       unnest(array['a', 'b']) device;
     analyze public.readings;
     select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', dimensions => '{device}',
       start_from => now() - interval '10 days', partition_interval => '1 day', retention_period => '5 days', safety_buffer => '0');
     select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => now() - interval '10 days');
     update silver.timeseries_rollup_config set rerun_interval = '0';`,
  );
  await callRollups(database, 'perform_rollup');
  await callRollups(database, 'perform_rollup'); // What was provisional is settled.
}

/** What maintenance did or put off, as it returns it. */
export interface MaintenanceEntry {
  readonly [column: string]: unknown;
  readonly action: string;
  readonly object_name: string;
  readonly detail: string | null;
}

/** Names of the partitions of a table, in order. */
export async function partitionsOf(database: TestDatabase, table: string): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select partition::text as name from silver.partition_bounds($1::regclass) order by lower_at`,
    [table],
  );
  return rows.map(({ name }) => name);
}
