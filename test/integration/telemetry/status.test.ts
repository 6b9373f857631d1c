import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onServer } from '../../support/on-server.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled } from '../readings.ts';
import { endProcess, runSilver } from '../silver-under-test.ts';
import { startServing } from './start-serving.ts';

interface Probe {
  readonly status: number;
  readonly body: { readonly status: string; readonly checks: Record<string, string> };
}

describe('the status of a running program', { timeout: 120_000 }, () => {
  const database = useDatabase();
  const processes: ChildProcess[] = [];
  const urls: Record<string, string> = {};
  const get = (program: string, path: string) => fetch(`${urls[program]}${path}`);
  const probe = async (program: string, path: string): Promise<Probe> => {
    const response = await get(program, path);
    return { status: response.status, body: (await response.json()) as Probe['body'] };
  };

  beforeAll(async () => {
    await createReadings(database, 48);
    await declareHourly(database);
    for (const program of ['scheduler', 'worker'] as const) {
      const { child, url } = await startServing(database.url, program);
      processes.push(child);
      urls[program] = url;
    }
    await waitUntil('everything is settled', () => isSettled(database));
  });
  afterAll(async () => {
    await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
  });

  it.for(['scheduler', 'worker'])('%s: alive and ready while all is well', async (program) => {
    expect(await probe(program, '/healthz')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { loop: 'ok' } },
    });
    expect(await probe(program, '/readyz')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { loop: 'ok', database: 'ok', schema: 'ok' } },
    });
    const nothing = await get(program, '/nothing');
    expect([nothing.status, await nothing.text()]).toEqual([
      404,
      'There are /healthz, /readyz, /metrics.\n',
    ]);
  });

  it('measures itself, and the database, for Prometheus', async () => {
    const worker = await (await get('worker', '/metrics')).text();
    expect(worker).toMatch(
      /^silver_chunk_duration_seconds_count\{.*silver_outcome="completed".*\} \d/m,
    );
    expect(worker).toMatch(
      /^silver_chunk_rows_total\{silver_target="public.hourly",silver_row_operation="read"\} 2880$/m,
    );
    expect(worker).toMatch(/^silver_worker_slots 2$/m);
    const scheduler = await waitUntil('the measures are those of now', async () => {
      const text = await (await get('scheduler', '/metrics')).text();
      return /^silver_programs\{silver_program="worker"\} 1$/m.test(text) && text;
    });
    expect(scheduler).toMatch(/^silver_rollup_lag_seconds\{silver_target="public.hourly"\} 0$/m);
    expect(scheduler).toMatch(/^silver_tick_duration_seconds_count/m);
    // What a scrape does not need to know is not there: no chunk, no range, no trace.
    expect(worker + scheduler).not.toMatch(/silver_chunk_id|silver_chunk_range|trace/);
  });

  it('a schema that is too new: alive, not ready', async () => {
    await database.query("insert into silver.migration (name, sha256) values ('9999-later', 'x')");
    for (const program of ['scheduler', 'worker']) {
      const ready = await probe(program, '/readyz');
      expect(ready.status).toBe(503);
      expect(ready.body.checks).toMatchObject({
        database: 'ok',
        schema: expect.stringContaining('9999-later'),
      });
      expect((await probe(program, '/healthz')).status).toBe(200);
    }
    await database.query("delete from silver.migration where name = '9999-later'");
    expect((await probe('worker', '/readyz')).status).toBe(200);
  });

  it('a database that is gone: alive, not ready, and ready again when it is back', async () => {
    await database.query('select 1');
    const admin = new URL(database.url);
    admin.pathname = '/postgres';
    await onServer(admin.href, `alter database ${database.name} with allow_connections false`);
    await onServer(
      admin.href,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database.name}' and application_name like 'silver %er%'`,
    );
    for (const program of ['scheduler', 'worker']) {
      const ready = await waitUntil('it is not ready', async () => {
        const answer = await probe(program, '/readyz');
        return answer.status === 503 && answer;
      });
      expect(ready.body.checks['database']).not.toBe('ok');
      expect((await probe(program, '/healthz')).status).toBe(200);
    }
    await onServer(admin.href, `alter database ${database.name} with allow_connections true`);
    for (const program of ['scheduler', 'worker']) {
      await waitUntil('it is ready', async () => (await probe(program, '/readyz')).status === 200);
    }
  });

  it('a port that is taken ends the start with a remedy', async () => {
    const { code, stderr } = await runSilver(database.url, ['worker'], {
      SILVER_STATUS_PORT: new URL(urls['worker'] ?? '').port,
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/Cannot listen on 127\.0\.0\.1, port \d+\.\nSet SILVER_STATUS_PORT/),
    ]);
  });

  it('stops serving when it stops', async () => {
    const [scheduler, worker] = processes;
    if (scheduler === undefined || worker === undefined) throw new Error('they were started');
    expect(await Promise.all([endProcess(scheduler), endProcess(worker)])).toEqual([0, 0]);
    await expect(get('worker', '/healthz')).rejects.toThrow();
  });
});
