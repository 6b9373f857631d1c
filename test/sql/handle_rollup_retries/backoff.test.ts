import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly, mismatches } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, configOf } from '../call-results.ts';

const database = useDatabase();

const chunk = async () =>
  (
    await database.query(
      `select c.state, c.attempt, c.delivered_by, extract(epoch from c.retry_at - e.occurred_at)::float8 as rest
       from silver.timeseries_chunk c
       left join lateral (select * from silver.timeseries_error_log l where l.chunk_id = c.chunk_id order by l.error_id desc limit 1) e on true`,
    )
  )[0];
const retry = () => callRollups(database, 'handle_rollup_retries');
const due = () =>
  database.query(`update silver.timeseries_chunk set retry_at = now() where retry_at is not null`);

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database, ', max_retries => 4');
  await database.query('call silver.run_rollups()');
  await database.query(
    `alter table public.hourly add constraint cool check (max_value < 500);
     update silver.timeseries_rollup_config set retry_delay = '10 minutes', retry_delay_max = '35 minutes';
     insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1000);`,
  );
  await database.query('call silver.run_rollups()');
});

it('does nothing before the backoff is over', async () => {
  expect(await chunk()).toMatchObject({ state: 'retrying', attempt: 1, delivered_by: 'call' });
  expect(await retry()).toEqual([]);
  expect(await chunk()).toMatchObject({ attempt: 1 });
});

it('doubles the rest with each failure, up to the longest', async () => {
  const rests = [(await chunk())?.['rest']];
  for (let attempt = 2; attempt <= 4; attempt += 1) {
    await due();
    expect(await retry()).toMatchObject([{ target_table: 'public.hourly', chunks: 0, failed: 1 }]);
    expect(await chunk()).toMatchObject({ state: 'retrying', attempt });
    rests.push((await chunk())?.['rest']);
  }
  expect(rests.map((rest) => Math.round(Number(rest) / 60))).toEqual([10, 20, 35, 35]);
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'error',
    retry_count: 3,
  });
});

it('records each attempt', async () => {
  expect(
    await database.query(
      'select attempt, sql_state from silver.timeseries_error_log order by error_id',
    ),
  ).toEqual([1, 2, 3, 4].map((attempt) => ({ attempt, sql_state: '23514' })));
});

it('does no more than that: work that nobody has planned is left alone', async () => {
  await database.query(`insert into public.readings values ('2001-01-01 09:00:30Z', 'd0', 3)`);
  expect(await retry()).toEqual([]);
  expect(await database.query('select from silver.timeseries_invalidation_log')).toHaveLength(1);
});

it('after max_retries the chunk is dead, and not tried again', async () => {
  await due();
  expect(await retry()).toMatchObject([{ failed: 1 }]);
  expect(await chunk()).toMatchObject({ state: 'dead', attempt: 5 });
  expect(await retry()).toEqual([]);
  await callRollups(database, 'perform_rollup');
  expect(await chunk()).toMatchObject({ state: 'dead', attempt: 5 });
});

it('a chunk whose cause was mended succeeds, and the rollup is well', async () => {
  await database.query('alter table public.hourly drop constraint cool');
  await database.query(`select silver.reset_rollup_retry('public.hourly')`);
  expect(await retry()).toMatchObject([{ chunks: 1, failed: 0, rows_written: 1 }]);
  await callRollups(database, 'perform_rollup');
  expect(await configOf(database, 'public.hourly')).toMatchObject({
    status: 'idle',
    retry_count: 0,
  });
  expect(await mismatches(database)).toEqual([]);
});

it('a paused rollup rests', async () => {
  await database.query(
    `alter table public.hourly add constraint cool check (max_value < 1001);
     insert into public.readings values ('2001-01-01 07:00:30Z', 'd0', 2000);`,
  );
  await callRollups(database, 'perform_rollup');
  await due();
  await database.query(`select silver.pause_rollup('public.hourly')`);
  expect(await retry()).toEqual([]);
  await database.query(`select silver.resume_rollup('public.hourly')`);
  expect(await retry()).toMatchObject([{ failed: 1 }]);
});
