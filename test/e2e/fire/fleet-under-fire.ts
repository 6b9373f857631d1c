import type { ChildProcess } from 'node:child_process';
import { migrate } from '@silver/shared';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import pg from 'pg';
import { endProcess, quietLogger, startSilver } from '../../integration/silver-under-test.ts';
import { onServer } from '../../support/on-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Schedulers and workers as processes over a server of their own, while rows are written; and the oracle at the end. */
export interface FleetUnderFire {
  readonly server: EmbeddedPostgres;
  /** Straight to the server. */
  readonly url: string;
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Starts a scheduler or a worker, by the way given or straight, and waits until it says that it has started. */
  start(args: readonly string[], url?: string): Promise<ChildProcess>;
  /** Waits until so many more chunks have been committed. */
  moreChunks(chunks: number): Promise<void>;
  /** Writes and judges on another server from now on: the first is gone. */
  moveTo(url: string): void;
  /** Ends the writing, waits until all is settled, and compares everything with what it should be: nothing lost, nothing twice. */
  judge(): Promise<Verdict>;
  close(): Promise<void>;
}

export interface Verdict {
  /** Groups of hourly and daily that differ from the source aggregated from scratch. */
  readonly wrong: readonly unknown[];
  /** Pairs of refreshes that both computed the same bucket for the first time. */
  readonly twice: readonly unknown[];
  readonly dead: readonly unknown[];
}

const days = 10;

/** Begins: ten days of readings, an hourly rollup and a daily one from it, in small chunks; rows are written all the time. */
export async function startFleetUnderFire(): Promise<FleetUnderFire> {
  const server = await startEmbeddedPostgres();
  const url = new URL(server.connectionString);
  await onServer(url.href, 'create database fleet');
  url.pathname = '/fleet';
  let current = url.href;
  const query = <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    onServer<Row>(current, text, values);
  await migrate({ databaseUrl: url.href, logger: quietLogger() });
  await query(
    'create table public.readings (at timestamptz not null, device text not null, value bigint not null)',
  );
  await query('create index on public.readings (at)');
  await query(
    `insert into public.readings select timestamptz '2001-01-01Z' + i * interval '3 minutes', 'd' || i % 3, i % 100
     from generate_series(0, $1 * 20 - 1) i`,
    [days * 24],
  );
  await query('analyze public.readings');
  await query(
    `select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2001-01-01Z',
       dimensions => '{device}', processing_window => '12 hours', target_chunk_duration => '100 ms', max_in_flight => 6)`,
  );
  await query(
    `select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2001-01-01Z')`,
  );
  const processes: ChildProcess[] = [];
  const writer = startWriter(() => current);
  const refreshes = async () =>
    Number(
      (await query<{ n: string }>('select count(*) as n from silver.timeseries_refresh_log'))[0]?.n,
    );
  return {
    server,
    url: url.href,
    query,
    start: async (args, by = url.href) => {
      const child = startSilver(by, args, { LOG_LEVEL: 'info' });
      processes.push(child);
      await hasStarted(child, args.join(' '));
      return child;
    },
    moreChunks: async (chunks) => {
      const before = await refreshes();
      await waitUntil(
        `${chunks} more chunks are done`,
        async () => (await refreshes()) >= before + chunks,
        60_000,
      );
    },
    moveTo: (elsewhere) => {
      current = elsewhere;
    },
    judge: async () => {
      await writer.stop();
      await waitUntil('all is settled', () => isSettled(query), 180_000);
      return judge(query);
    },
    close: async () => {
      await writer.stop();
      await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
      await server.close();
    },
  };
}

/** Reads what a process says, to its end, so that it never waits for a reader. */
async function hasStarted(child: ChildProcess, name: string): Promise<void> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      said = (said + data).slice(-10_000);
    });
  }
  await waitUntil(
    `${name} has started`,
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
      return said.includes(' started"');
    },
    60_000,
  );
}

/** Writes late rows, changes and deletes, a few at a time, through whatever happens to the server. */
function startWriter(url: () => string): { stop(): Promise<void> } {
  let stopping = false;
  const done = (async () => {
    let client: pg.Client | undefined;
    while (!stopping) {
      try {
        if (client === undefined) {
          client = new pg.Client({ connectionString: url(), application_name: 'writer' });
          client.on('error', () => undefined);
          await client.connect();
        }
        await client.query(`
          insert into public.readings
          select timestamptz '2001-01-01Z' + random() * interval '10 days', 'd' || n % 3, n from generate_series(1, 5) n`);
        await client.query(`
          update public.readings set value = value + 1 where at >= timestamptz '2001-01-01Z' + floor(random() * 240) * interval '1 hour'
            and at < timestamptz '2001-01-01Z' + floor(random() * 240) * interval '1 hour' + interval '10 minutes' and random() < 0.01`);
        await client.query(
          'delete from public.readings where ctid in (select ctid from public.readings tablesample system (1) limit 2)',
        );
      } catch {
        await client?.end().catch(() => undefined);
        client = undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await client?.end().catch(() => undefined);
  })();
  return {
    stop: async () => {
      stopping = true;
      await done;
    },
  };
}

type Query = FleetUnderFire['query'];

async function isSettled(query: Query): Promise<boolean> {
  const [row] = await query<{ settled: boolean }>(`
    select not exists (select from silver.timeseries_chunk where state <> 'dead')
      and not exists (select from silver.timeseries_invalidation_log)
      and not exists (select from silver.timeseries_drain)
      and not exists (select from silver.timeseries_progress where not isempty(dirty))
      and not exists (select from silver.due_sources())
      and not exists (
        select from silver.timeseries_rollup_config r cross join lateral silver.pending(r.rollup_id) w
        where not isempty(w.forward) or not isempty(w.late)) as settled`);
  return row?.settled ?? false;
}

async function judge(query: Query): Promise<Verdict> {
  const wrong = await query(`
    with hourly as (
      select date_bin('1 hour', at, '2001-01-01Z') as at, device, count(*) as rows, sum(value) as total from public.readings group by 1, 2
    ), daily as (
      select date_bin('1 day', at, '2001-01-01Z') as at, device, sum(rows) as rows, sum(total) as total from hourly group by 1, 2
    )
    select 'hourly' as level, coalesce(s.at, t.timestamp) as at, s.rows, t.row_count
    from hourly s full join public.hourly t on t.timestamp = s.at and t.device = s.device
    where (s.rows, s.total) is distinct from (t.row_count, t.sum_value::numeric)
    union all
    select 'daily', coalesce(s.at, t.timestamp), s.rows, t.row_count
    from daily s full join public.daily t on t.timestamp = s.at and t.device = s.device
    where (s.rows, s.total) is distinct from (t.row_count, t.sum_value::numeric)`);
  const twice = await query(`
    select a.ranges * b.ranges as buckets, a.worker_id, b.worker_id as other
    from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b on a.rollup_id = b.rollup_id
      and a.refresh_id < b.refresh_id and a.ranges && b.ranges and a.reason = 'forward' and b.reason = 'forward'`);
  const dead = await query(
    `select chunk_id, last_error from silver.timeseries_chunk where state = 'dead'`,
  );
  return { wrong, twice, dead };
}
