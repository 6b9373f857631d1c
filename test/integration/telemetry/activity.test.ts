import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OtlpCollector, startOtlpCollector } from '../../support/otlp-collector.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly } from '../readings.ts';
import { endProcess, startSilver } from '../silver-under-test.ts';

interface Activity {
  readonly application_name: string;
  readonly query: string;
}

describe('pg_stat_activity, while a chunk runs', { timeout: 200_000 }, () => {
  const database = useDatabase();
  const programs: ChildProcess[] = [];
  let collector: OtlpCollector;

  /** The backend that computes a chunk; the test holds it up by a lock its trigger waits for. */
  const busyBackend = () =>
    waitUntil(
      'a chunk is held up',
      async () => {
        const rows = await database.query<Activity>(
          `select application_name, query from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%silver.run_chunk(%'`,
        );
        return rows[0];
      },
      120_000,
    );

  beforeAll(async () => {
    collector = await startOtlpCollector();
    await createReadings(database, 48);
    await declareHourly(database);
    await database.query(`
      create function public.gate() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock_shared(42); return null; end $$;
      create trigger gate before insert on public.hourly for each statement execute function public.gate();
      select pg_advisory_lock(42)`);
    programs.push(
      ...['scheduler', 'worker'].map((program) =>
        startSilver(database.url, [program], {
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
          SILVER_WORKER_CONCURRENCY: '1',
        }),
      ),
    );
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => endProcess(program, 'SIGKILL')));
    await collector.close();
  });

  it('names rollup, chunk and trace, so that it leads to the span of the very statement', async () => {
    const busy = await busyBackend();
    const [chunk] = await database.query<{ chunk_id: string; trace: string }>(
      `select chunk_id, trace from silver.timeseries_chunk where state = 'running'`,
    );
    expect(busy.application_name).toBe(`silver worker chunk ${chunk?.chunk_id} of public.hourly`);
    const comment = /\/\*(.*)\*\/$/.exec(busy.query)?.[1] ?? '';
    const labels = Object.fromEntries(comment.split(',').map((pair) => pair.split('=')));
    expect(labels).toEqual({
      chunk: `'${chunk?.chunk_id}'`,
      rollup: "'public.hourly'",
      traceparent: expect.stringMatching(/^'00-[0-9a-f]{32}-[0-9a-f]{16}-01'$/),
    });
    const [, traceId, spanId] = labels['traceparent'].split('-');
    expect(chunk?.trace).toContain(traceId);

    await database.query('select pg_advisory_unlock(42)');
    await Promise.all(programs.map((program) => endProcess(program)));
    const span = collector.spans.find((each) => each.spanId === spanId);
    expect([span?.traceId, span?.name]).toEqual([traceId, 'SELECT silver.run_chunk']);
  });

  it('names rollup and chunk where nothing is traced', async () => {
    await database.query('select pg_advisory_lock(42)');
    await database.query('truncate public.hourly; update public.readings set value = value + 1');
    programs.push(...['scheduler', 'worker'].map((name) => startSilver(database.url, [name])));
    const busy = await busyBackend();
    expect(busy.query).toMatch(/ \/\*chunk='\d+',rollup='public\.hourly'\*\/$/);
    await database.query('select pg_advisory_unlock(42)');
  });
});
