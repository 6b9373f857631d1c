import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createReadings,
  declareHourly,
  isSettled,
  mismatches,
} from '../../integration/readings.ts';
import { endProcess, startSilver } from '../../integration/silver-under-test.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';

const database = useDatabase();
const processes: ChildProcess[] = [];

beforeAll(async () => {
  await createReadings(database, 300);
  await declareHourly(
    database,
    `, processing_window => '3 hours', target_chunk_duration => '20 milliseconds'`,
  );
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
});
afterAll(async () => {
  await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
});

it('calls, a scheduler and a worker share the work while rows arrive late, and nothing is lost', async () => {
  processes.push(startSilver(database.url, ['scheduler']), startSilver(database.url, ['worker']));
  const writer = await database.connect();
  const failures: unknown[] = [];
  const call = async (statement: string, times: number) => {
    const client = await database.connect();
    for (let time = 0; time < times; time += 1) {
      await client.query(statement).catch((error: unknown) => failures.push(error));
    }
  };
  const write = async () => {
    for (let time = 0; time < 40; time += 1) {
      await writer.query(
        `insert into public.readings select timestamptz '2001-01-01Z' + random() * interval '300 hours', 'd1', 5 from generate_series(1, 20)`,
      );
    }
  };
  await Promise.all([
    call('call silver.run_rollups()', 12),
    call('call silver.run_rollups()', 12),
    call('select silver.perform_rollup()', 6),
    write(),
  ]);
  expect(failures).toEqual([]);
  await waitUntil('everything is settled', () => isSettled(database), 90_000);
  expect(await mismatches(database)).toEqual([]);
  // On a machine that stands still for a minute PostgreSQL ends a worker's transaction; the chunk is tried again.
  expect(
    await database.query(
      `select * from silver.timeseries_error_log where error_message !~ 'idle-in-transaction'`,
    ),
  ).toEqual([]);
  const by = await database.query<{ by: string }>(
    `select distinct case when worker_id like 'call/%' then 'call' else 'worker' end as by from silver.timeseries_refresh_log order by 1`,
  );
  expect(by).toContainEqual({ by: 'call' });
}, 180_000);
