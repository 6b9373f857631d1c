import { beforeAll, expect, it } from 'vitest';
import { createReadings } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 24);
  await database.query(
    `create view public.reading_view as select at, device, value from public.readings where value >= 0;
     insert into public.readings select date_trunc('hour', now()) - i * interval '1 minute', 'd0', 1 from generate_series(1, 600) i;
     select silver.create_rollup_table('public.reading_view', 'public', 'viewed', '1 hour', mode => 'look_back', look_back_window => '4 hours',
       start_from => now() - interval '10 hours', safety_buffer => '0');`,
  );
});

const rows = () =>
  database.query(
    `select sum(row_count)::int as rows from public.viewed where timestamp < date_trunc('hour', now())`,
  );

it('fills a rollup of a view, which has no triggers', async () => {
  await database.query('call silver.run_rollups()');
  expect(await rows()).toEqual([{ rows: 600 }]);
  expect(
    await database.query('select from pg_trigger where tgname like $1', ['silver%readings']),
  ).toEqual([]);
});

it('recomputes the last look_back_window when the next bucket falls due, whichever call comes; nothing older', async () => {
  for (const call of ['call silver.run_rollups()', 'select silver.perform_rollup()']) {
    await database.query(
      `insert into public.readings values (now() - interval '2 hours', 'd0', 1), (now() - interval '8 hours', 'd0', 1)`,
    );
    const [before] = await rows();
    await database.query(call);
    expect(await rows()).toEqual([before]); // No bucket has fallen due since.
    // As if it had looked back an hour ago.
    await database.query(
      `update silver.timeseries_tracked_source set horizon = horizon - interval '1 hour'`,
    );
    await database.query(call);
    expect(await rows()).toEqual([{ rows: Number(before?.['rows']) + 1 }]);
  }
});
