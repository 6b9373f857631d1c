import type { ChildProcess } from 'node:child_process';
import { type OtlpCollector, startOtlpCollector } from '../../support/otlp-collector.ts';
import type { TestDatabase } from '../../support/use-database.ts';
import { waitUntil as waitBriefly } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled } from '../readings.ts';
import { endProcess, startSilver } from '../silver-under-test.ts';

/** A line of the log, as json. */
export type LogLine = Readonly<Record<string, unknown>>;

/** On a machine that is busy with other tests a program alone takes half a minute to start. */
const waitUntil = (what: string, ask: () => Promise<unknown>) => waitBriefly(what, ask, 120_000);

export interface MeasuredFleet {
  readonly collector: OtlpCollector;
  readonly log: readonly LogLine[];
}

/**
 * Runs a scheduler and a worker, as processes that export to a collector, through everything there is to measure: new and late work,
 * jobs somebody deleted, an attempt that fails and its retry, a chunk that dies out of attempts, one that dies at once. All that is buffered has arrived when this returns.
 */
export async function runMeasuredFleet(database: TestDatabase): Promise<MeasuredFleet> {
  const collector = await startOtlpCollector();
  const variables = {
    LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_METRIC_EXPORT_INTERVAL: '500',
    OTEL_METRIC_EXPORT_TIMEOUT: '500',
    SILVER_METRICS_INTERVAL_MS: '100',
  };
  const log: LogLine[] = [];
  const programs: ChildProcess[] = [];
  const start = (program: string) => {
    const child = startSilver(database.url, [program], variables);
    let text = '';
    child.stdout?.on('data', (data) => {
      text += data;
    });
    child.on('close', () =>
      log.push(
        ...text
          .trim()
          .split('\n')
          // A program that was killed may have left half a line.
          .filter((line) => line.endsWith('}'))
          .map((line) => JSON.parse(line)),
      ),
    );
    programs.push(child);
  };
  try {
    await createReadings(database, 48);
    await declareHourly(database, ", processing_window => '24 hours'");
    await failOnce(database);
    start('scheduler');
    const inFlight = 'select from silver.timeseries_chunk';
    await waitUntil('chunks are planned', async () => (await database.query(inFlight)).length > 0);
    await database.query('delete from silver_pgboss.job');
    const lost = `select from silver.lost_chunks('silver_pgboss', 'silver-chunk')`;
    await waitUntil('they are sent again', async () => (await database.query(lost)).length === 0);
    start('worker');
    await waitUntil('everything is settled', () => isSettled(database));
    await database.query('update public.readings set value = value + 1');
    await letDie(database);
    const dead = `${inFlight} where state = 'dead'`;
    await waitUntil('a chunk is dead', async () => (await database.query(dead)).length > 0);
    const late = "select from silver.timeseries_refresh_log where reason = 'late'";
    await waitUntil('late work is done', async () => (await database.query(late)).length > 0);
    const seen = (name: string, by = 'silver-scheduler') =>
      collector.metrics.some(
        (metric) =>
          metric.name === name &&
          metric.service === by &&
          metric.values.some(({ value }) => value > 0),
      );
    await waitUntil('its dead letter is buried', async () => seen('silver.chunk.buried'));
    await waitUntil('a worker buried the other', async () =>
      seen('silver.chunk.buried', 'silver-worker'),
    );
    await waitUntil('the database has been measured since', async () =>
      seen('silver.rollup.chunks'),
    );
    await Promise.all(programs.map((program) => endProcess(program)));
    return { collector, log };
  } finally {
    await Promise.all(programs.map((program) => endProcess(program, 'SIGKILL')));
    await collector.close();
  }
}

/** The first attempt at the first day fails; the next takes a second over one of its rows. */
async function failOnce(database: TestDatabase): Promise<void> {
  await database.query(`
    create function public.refuse_once() returns trigger language plpgsql as $$ begin
      if not exists (select from silver.timeseries_error_log) then
        raise exception 'not yet' using errcode = '22003';
      end if;
      if new.timestamp = '2001-01-01Z' and new.device = 'd0' then
        perform pg_sleep(1.1);
      end if;
      return new; end $$;
    create trigger refuse_once before insert on public.hourly for each row
      when (new.timestamp < '2001-01-02Z') execute function public.refuse_once()`);
}

/** Two rollups none of whose chunks succeeds: one retries none, of the other a retry could not help. */
async function letDie(database: TestDatabase): Promise<void> {
  await database.query(`
    select silver.create_rollup_table('public.readings', 'public', 'never', '1 day', start_from => '2001-01-01Z', max_retries => 0);
    create function public.refuse() returns trigger language plpgsql as
      $$ begin raise exception 'never' using errcode = '22003'; end $$;
    create trigger refuse before insert on public.never for each row execute function public.refuse();
    select silver.create_rollup_table('public.readings', 'public', 'hopeless', '1 day', start_from => '2001-01-01Z');
    create function public.miss() returns trigger language plpgsql as
      $$ begin raise exception 'not there' using errcode = '42P01'; end $$;
    create trigger miss before insert on public.hopeless for each row execute function public.miss()`);
}
