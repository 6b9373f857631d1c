// Runs a scheduler and two workers over steady ingest into many rollups, and says at the end whether anything grew that should not:
// `npm run soak -- --minutes 30 --rollups 50`. Exits with 1 when something did, or when a target is wrong.

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { migrate } from '@silver/shared';
import { startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import pg from 'pg';
import { endProcess, quietLogger, startSilver } from '../integration/silver-under-test.ts';
import { differences } from './differences.ts';
import { type Sample, verdictOf } from './verdict.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    rollups: { type: 'string', default: '50' },
  },
});
const minutes = Number(values.minutes);
const rollups = Number(values.rollups);
if (!(minutes > 0) || !Number.isInteger(rollups) || rollups < 1) {
  process.stderr.write('soak: --minutes is a number above 0, --rollups a whole number from 1\n');
  process.exit(2);
}

const server = await startEmbeddedPostgres();
const client = new pg.Client({ connectionString: server.connectionString });
const processes: ChildProcess[] = [];
try {
  await migrate({ databaseUrl: server.connectionString, logger: quietLogger() });
  await client.connect();
  await declareRollups();
  for (const program of ['scheduler', 'worker', 'worker']) {
    const child = startSilver(server.connectionString, [program]);
    child.stdout?.resume();
    child.stderr?.resume();
    processes.push(child);
  }
  const until = Date.now() + minutes * 60_000;
  const samples: Sample[] = [];
  for (let next = Date.now(); Date.now() < until; ) {
    await ingest();
    if (Date.now() >= next) {
      samples.push(await sample());
      process.stdout.write(`${JSON.stringify(samples.at(-1))}\n`);
      next = Date.now() + Math.min(60_000, (minutes * 60_000) / 20);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const live = await compareAll(({ target }) => `${target}_live`);
  // Ingest has ended: what closes within this minute is computed, and what was late.
  const ended = new Date().toISOString();
  let wrong = await compareAll(({ target }) => target, ended);
  for (const until = Date.now() + 180_000; wrong.length > 0 && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    wrong = await compareAll(({ target }) => target, ended);
  }
  const found = [...verdictOf(samples), ...live, ...wrong];
  process.stdout.write(
    found.length === 0
      ? `soak: flat, and all ${rollups} targets right\n`
      : `soak: ${found.join('; ')}\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  await client.end();
  await Promise.all(processes.map((child) => endProcess(child, 'SIGTERM')));
  await server.close();
}

async function compareAll(
  relationOf: (rollup: { target: string }) => string,
  until?: string,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const each of declared()) {
    wrong.push(...(await differences(client, each, relationOf(each), until)));
  }
  return wrong;
}

/** Five rollups of each source, by the second to the minute, so that buckets fall due all the time. */
function declared(): { source: string; target: string; every: string }[] {
  const every = ['5 s', '10 s', '15 s', '30 s', '1 min'];
  return Array.from({ length: rollups }, (_, index) => {
    const source = Math.floor(index / every.length);
    return {
      source: `readings_${source}`,
      target: `rollup_${source}_${index % every.length}`,
      every: every[index % every.length] ?? '',
    };
  });
}

async function declareRollups(): Promise<void> {
  for (const source of new Set(declared().map((each) => each.source))) {
    await client.query(
      `create table public.${source} (at timestamptz not null, device text not null, value integer)`,
    );
    await client.query(`create index on public.${source} (at)`);
  }
  for (const { every, source, target } of declared()) {
    await client.query(
      `select silver.create_rollup_table($1, 'public', $2, $3::interval, dimensions => '{device}')`,
      [`public.${source}`, target, every],
    );
  }
}

/** A few rows at the head of each source, and one that is late. */
async function ingest(): Promise<void> {
  for (const source of new Set(declared().map((each) => each.source))) {
    await client.query(`
      insert into public.${source}
      select now() - case when n = 0 then random() * interval '5 min' else interval '0' end, 'd' || n, n from generate_series(0, 4) n`);
  }
}

async function sample(): Promise<Sample> {
  const { rows } = await client.query(`
    select (select count(*)::integer from pg_stat_activity where application_name like 'silver%') as connections,
      (select sum(n_dead_tup)::integer from pg_stat_user_tables where schemaname = 'silver') as "deadTuples",
      (select count(*)::integer from silver.timeseries_invalidation_log) as "logRows",
      (select count(*)::integer from silver.timeseries_chunk) as "chunkRows",
      (select count(*)::integer from silver.timeseries_refresh_log) as "chunksDone",
      (select max(lag_seconds)::float8 from silver.timeseries_operations_monitor) as "worstLagS"`);
  return { ...rows[0], memoryMb: processes.map(residentMb) };
}

/** Resident memory, as the kernel counts it. */
function residentMb({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
