import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

beforeAll(async () => {
  await createReadings(database, 2);
  await declareHourly(database);
  await database.query(`
    select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day');
    insert into silver.timeseries_error_log (rollup_id, chunk_id, attempt, error_message, sql_state, occurred_at)
    select rollup, chunk, 1, message, state, now() - ago from (values
      (1, 7, 'third', '23514', interval '10 minutes'),
      (1, 7, 'first', '23514', interval '30 minutes'),
      (1, 8, 'second', '23514', interval '20 minutes'),
      (1, 8, 'deadlock', '40P01', interval '1 minute'),
      (1, 8, 'the connection was cut', null, interval '5 minutes'),
      (1, 9, 'long ago', '57014', interval '61 minutes'),
      (2, 3, 'another', '22003', interval '1 minute')) as failed (rollup, chunk, message, state, ago)`);
});

const patterns = (within: string) =>
  database.query(
    `select rollup_id, sql_state, failures::int, chunks::int, last_message from silver.error_patterns(${within})`,
  );

it('counts the failed attempts of the last hour by rollup and SQLSTATE, the most frequent first', async () => {
  expect((await patterns('')).map(Object.values)).toEqual([
    [1, '23514', 3, 2, 'third'],
    [1, '40P01', 1, 1, 'deadlock'],
    [1, 'none', 1, 1, 'the connection was cut'],
    [2, '22003', 1, 1, 'another'],
  ]);
});

it('looks as far back as it is told, and refuses what is no such length', async () => {
  expect(await patterns(`'2 minutes'`)).toHaveLength(2);
  expect((await patterns(`'1 day'`)).map(({ sql_state: state }) => state)).toContain('57014');
  await expect(patterns('null')).rejects.toMatchObject({ code: '22004' });
  await expect(patterns(`'-1 hour'`)).rejects.toMatchObject({ code: '22023' });
});
