import { expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

it('does not call a child late while its parent waits for its own safety buffer', async () => {
  await database.query(`
    create table public.readings (at timestamptz not null, value integer);
    create index on public.readings (at);
    insert into public.readings select now() - i * interval '1 minute', i from generate_series(0, 240) i;
    select silver.create_rollup_table('public.readings', 'public', 'fine', '10 seconds', start_from => now() - interval '4 hours', safety_buffer => '1 hour');
    select silver.create_rollup_table('public.fine', 'public', 'coarse', '1 minute', start_from => now() - interval '4 hours', safety_buffer => '0')`);
  await settle(database);
  const rows = await database.query<{ target_table: string; lag_seconds: number; reason: string }>(
    'select target_table, lag_seconds, reason from silver.timeseries_operations_monitor order by rollup_id',
  );
  // A bucket of ten seconds may fall due between settling and looking; an hour of lag may not.
  for (const { lag_seconds } of rows) {
    expect(lag_seconds).toBeLessThan(60);
  }
  const [due] = await database.query<{ fine: number; coarse: number }>(`
    select extract(epoch from now() - silver.due_until(1))::float8 as fine, extract(epoch from now() - silver.due_until(2))::float8 as coarse`);
  expect(due?.fine).toBeGreaterThanOrEqual(3600);
  expect(due?.coarse).toBeGreaterThanOrEqual(3600);
  expect(due?.coarse).toBeLessThan(3600 + 70);
  const [at] = await database.query<{ wait: string }>(`
    select (silver.due_at(2, '2026-03-01 12:01Z') - '2026-03-01 12:01Z')::text as wait`);
  expect(at?.wait).toBe('01:00:00');
});
