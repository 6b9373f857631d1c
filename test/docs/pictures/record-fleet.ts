import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { isSettled } from '../../integration/readings.ts';
import { endProcess } from '../../integration/silver-under-test.ts';
import { startServing } from '../../integration/telemetry/start-serving.ts';
import { type ReceivedSpan, startOtlpCollector } from '../../support/otlp-collector.ts';
import type { TestDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** What a scheduler exported at one instant. */
export interface Sample {
  readonly seconds: number;
  /** "the measure", "by what it is told apart". */
  readonly measure: 'chunks' | 'lag';
  readonly series: string;
  readonly value: number;
}

/** Something that was done to the fleet. */
export interface Happening {
  readonly seconds: number;
  readonly what: string;
}

export interface Recording {
  readonly samples: readonly Sample[];
  readonly happenings: readonly Happening[];
  readonly spans: readonly ReceivedSpan[];
}

const sampleEveryMs = 200;

/**
 * Runs a fleet through what the pictures show, and records what it exports: a fill, a chunk that fails once, late rows, a while without
 * workers, and their return.
 */
export async function recordFleet(
  database: Pick<TestDatabase, 'query' | 'url'>,
): Promise<Recording> {
  const collector = await startOtlpCollector();
  const programs: ChildProcess[] = [];
  const samples: Sample[] = [];
  const happenings: Happening[] = [];
  let begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const happens = (what: string) => happenings.push({ seconds: seconds(), what });
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    SILVER_WORKER_CONCURRENCY: '1',
  };
  const start = async (program: 'scheduler' | 'worker') => {
    const serving = await startServing(database.url, program, variables);
    programs.push(serving.child);
    return serving;
  };
  const settled = () => waitUntil('everything is settled', () => isSettled(database), 120_000);
  const stopped = new AbortController();
  try {
    await prepare(database);
    const workers = await Promise.all([start('worker'), start('worker')]);
    const { url } = await start('scheduler');
    begun = performance.now();
    happens('a scheduler starts');
    const sampling = keepSampling(url, seconds, samples, stopped.signal);
    await settled();
    await setTimeout(2_500);
    happens('20,000 late rows');
    await lateRows(database, 20_000);
    await settled();
    await setTimeout(2_500);
    happens('the workers stop');
    await Promise.all(workers.map(({ child }) => endProcess(child)));
    await lateRows(database, 20_000);
    await setTimeout(6_000);
    happens('one comes back');
    await start('worker');
    await settled();
    await setTimeout(2_000);
    stopped.abort();
    await sampling;
    await Promise.all(programs.map((program) => endProcess(program)));
    return { samples, happenings, spans: collector.spans };
  } finally {
    stopped.abort();
    await Promise.all(programs.map((program) => endProcess(program, 'SIGKILL')));
    await collector.close();
  }
}

/** Half a million readings of forty days, an hourly and a daily rollup of them, and a trigger that refuses once. */
async function prepare(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await database.query(`
    create table public.readings (at timestamptz not null, device text not null, value double precision);
    create index on public.readings (at);
    insert into public.readings
      select date_trunc('hour', now()) - interval '40 days' + i * interval '6.9 seconds', 'd' || i % 20, i % 97 from generate_series(0, 499999) i;
    analyze public.readings;
    select silver.create_rollup_table('public.readings', 'public', 'readings_hourly', '1 hour', dimensions => '{device}',
      start_from => date_trunc('day', now()) - interval '39 days');
    select silver.create_rollup_table('public.readings_hourly', 'public', 'readings_daily', '1 day',
      start_from => date_trunc('day', now()) - interval '39 days');
    update silver.timeseries_rollup_config set processing_window = '12 hours', target_chunk_duration = '100 ms';
    create function public.refuse_once() returns trigger language plpgsql as $$ begin
      if not exists (select from silver.timeseries_error_log) then
        raise exception 'not yet' using errcode = '22003';
      end if;
      return new; end $$;
    create trigger refuse_once before insert on public.readings_hourly for each row
      when (new.timestamp < now() - interval '38 days') execute function public.refuse_once()`);
}

async function lateRows(database: Pick<TestDatabase, 'query'>, rows: number): Promise<void> {
  await database.query(
    `insert into public.readings
     select now() - interval '38 days' + random() * interval '30 days', 'd' || i % 20, 50 from generate_series(1, $1) i`,
    [rows],
  );
}

async function keepSampling(
  url: string,
  seconds: () => number,
  samples: Sample[],
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    const text = await (await fetch(`${url}/metrics`)).text();
    samples.push(...readSamples(text, seconds()));
    await setTimeout(sampleEveryMs);
  }
}

/** The two measures of the pictures, in the text format of Prometheus. */
function readSamples(text: string, seconds: number): Sample[] {
  const wanted = /^silver_(rollup_lag_seconds|chunks)\{\w+="(?:public\.)?([^"]*)"\} (\S+)$/gm;
  return [...text.matchAll(wanted)].map(([, name, series = '', value]) => ({
    seconds,
    measure: name === 'chunks' ? 'chunks' : 'lag',
    series,
    value: Number(value),
  }));
}
