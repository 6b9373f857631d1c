import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

it('workers aggregate in parallel, and come to the same as one process', async () => {
  // Many rows share a time, so that ties fall within a worker and between workers.
  await database.query(`
    create table public.reading as
    select i % 7 as device, now() + (i % 1000) * interval '1 s' as at, (i * 7919) % 10007 as level,
      md5((i % 5000)::text) as label, array[i % 11, i % 13] as pair
    from generate_series(1, 60000) as i;
    analyze public.reading`);
  const query = `select device, silver.first_value(level, at) as level, silver.first_value(label, at) as label,
    silver.first_value(pair, at) as pair from public.reading group by device order by device`;
  const client = await database.connect();
  await client.query('set max_parallel_workers_per_gather = 0');
  const serial = (await client.query(query)).rows;
  await client.query(
    `set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0`,
  );
  const plan = (await client.query(`explain (costs off) ${query}`)).rows;
  expect(JSON.stringify(plan)).toMatch(/Finalize.*Gather.*Partial/);
  expect((await client.query(query)).rows).toEqual(serial);
  expect(serial).toHaveLength(7);
});
