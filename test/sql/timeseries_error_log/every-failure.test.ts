import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await database.query('call silver.run_rollups()');
});

const last = async () =>
  (
    await database.query(
      'select *, occurred_at > now() - interval $$10 minutes$$ as lately from silver.timeseries_error_log order by error_id desc limit 1',
    )
  )[0];

it.each([
  [
    'an error raised by a trigger on the target, with detail and hint',
    `create or replace function public.refuse() returns trigger language plpgsql as $$ begin
       raise exception 'not today' using errcode = 'SV001', detail = 'the moon', hint = 'wait'; end $$`,
    { error_message: 'not today', sql_state: 'SV001', detail: 'the moon', hint: 'wait' },
  ],
  [
    'a division by zero',
    `create or replace function public.refuse() returns trigger language plpgsql as $$ begin new.row_count := 1 / 0; return new; end $$`,
    { error_message: 'division by zero', sql_state: '22012', detail: null, hint: null },
  ],
])('records %s', async (_name, body, expected) => {
  await database.query(body);
  await database.query(
    `create or replace trigger refuse before insert or update on public.hourly for each row execute function public.refuse()`,
  );
  await database.query(
    `insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', random() * 1000)`,
  );
  await database.query('select silver.reset_rollup_retry($1)', ['public.hourly']);
  await database.query(`select pg_sleep(0)`);
  await database.query('call silver.run_rollups()');
  expect(await last()).toMatchObject({
    ...expected,
    rollup_id: 1,
    attempt: 1,
    worker_id: expect.stringMatching(/^call\//),
    lately: true,
    context: expect.stringContaining('public.refuse()'),
    attempted_query: expect.stringMatching(/public\.hourly/),
  });
  const [chunk] = await database.query('select chunk_id, last_error from silver.timeseries_chunk');
  expect(chunk).toMatchObject({
    last_error: expected.error_message,
    chunk_id: (await last())?.['chunk_id'],
  });
});

it('survives the chunk, and goes with its rollup', async () => {
  await database.query('drop trigger refuse on public.hourly');
  await database.query(`select silver.reset_rollup_retry('public.hourly')`);
  await database.query('call silver.run_rollups()');
  expect(await database.query('select from silver.timeseries_chunk')).toEqual([]);
  expect((await database.query('select from silver.timeseries_error_log')).length).toBeGreaterThan(
    1,
  );
  await database.query(`select silver.drop_rollup('public.hourly')`);
  expect(await database.query('select from silver.timeseries_error_log')).toEqual([]);
});
