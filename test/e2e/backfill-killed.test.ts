import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { endProcess, startSilver } from '../integration/silver-under-test.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Small as part of the tests; SILVER_TEST_BACKFILL=full is six months and ten kills, in 24 s on two idle cores. */
const size =
  process.env['SILVER_TEST_BACKFILL'] === 'full'
    ? { days: 181, kills: 10, window: '4 hours' }
    : { days: 12, kills: 3, window: '12 hours' };
/** Rows for each minute, so that six months are a million rows. */
const devices = 4;

/** A chunk as it was when its worker was killed. */
interface KilledChunk {
  readonly id: string;
  readonly ranges: string;
}

/** How often a bucket, by its number from the first day on, was computed, and how often a chunk with it was killed. */
interface Computations {
  readonly bucket: number;
  readonly times: number;
  readonly kills: number;
}

/**
 * From now on counts how often each bucket is computed, in a sequence for each: what a sequence handed out, a rollback does not take
 * back. The range was empty before, so that every computation of a bucket inserts its rows. The trigger comes before `linger`.
 */
async function countComputations(database: TestDatabase, buckets: number): Promise<void> {
  await database.query(`
    do $$ begin for i in 0..${buckets - 1} loop execute format('create sequence public.computed_%s', i); end loop; end $$`);
  await database.query(`
    create function public.count_computed() returns trigger language plpgsql as $$ begin
      perform nextval(format('public.computed_%s', b)::regclass)
      from (select distinct extract(epoch from i.timestamp - '2026-01-01Z')::integer / 3600 as b from inserted i) as touched;
      return null; end $$;
    create trigger counted after insert on public.hourly referencing new table as inserted
    for each statement execute function public.count_computed()`);
}

async function readComputations(
  database: TestDatabase,
  killed: readonly KilledChunk[],
): Promise<Computations[]> {
  return database.query<Computations & Record<string, unknown>>(
    `select substr(s.sequencename, 10)::integer as bucket, coalesce(s.last_value, 0)::integer as times,
       (select count(*)::integer from json_array_elements_text($1) k
        where k::tstzmultirange @> timestamptz '2026-01-01Z' + substr(s.sequencename, 10)::integer * interval '1 hour') as kills
     from pg_sequences s where s.sequencename like 'computed\\_%' order by 1`,
    [JSON.stringify(killed.map(({ ranges }) => ranges))],
  );
}

function describeCount(counted: readonly Computations[], killed: number, looks: number): string {
  const often = new Map<number, number>();
  for (const { times } of counted) {
    often.set(times, (often.get(times) ?? 0) + 1);
  }
  const list = [...often].map(([times, buckets]) => `${buckets} computed ${times}×`).join(', ');
  return `${counted.length} buckets: ${list}; ${size.kills} kills ended ${killed} running chunks; ${looks} looks at the progress`;
}

describe(`a backfill of ${size.days} days, killed ${size.kills} times`, () => {
  const database = useDatabase();
  const processes = new Map<number, ChildProcess>();
  const start = (...args: string[]) => {
    const child = startSilver(database.url, args);
    processes.set(child.pid ?? 0, child);
    return child;
  };
  afterEach(async () => {
    for (const child of processes.values()) {
      await endProcess(child, 'SIGKILL');
    }
  });

  it(
    'finishes; progress never goes back, every number is right, and no bucket is computed more often than its chunk was killed plus one',
    async () => {
      await database.query(`
        create table public.readings (at timestamptz not null, device text not null, value integer not null);
        create index on public.readings (at)`);
      await database.query(
        `insert into public.readings
         select timestamptz '2026-01-01Z' + i * interval '1 minute', 'd' || d, i % 100
         from generate_series(0, $1 * 1440 - 1) i, generate_series(1, ${devices}) d`,
        [size.days],
      );
      await database.query('analyze public.readings');
      // The rollup itself begins behind them all. Each chunk takes its time, so that kills fall into the middle of one.
      await database.query(
        `select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', dimensions => '{device}',
           start_from => timestamptz '2026-01-01Z' + $1 * interval '1 day', processing_window => $2::interval,
           target_chunk_duration => '100 ms')`,
        [size.days, size.window],
      );
      await database.query(`
        create table public.control (hold boolean);
        insert into public.control values (false);
        create function public.linger() returns trigger language plpgsql as $$ begin
          while (select hold from public.control) loop perform pg_sleep(0.05); end loop;
          return null; end $$;
        create trigger linger after insert on public.hourly for each statement execute function public.linger()`);
      await countComputations(database, size.days * 24);
      await database.query('call silver.run_rollups()');
      const hold = (on: boolean) => database.query('update public.control set hold = $1', [on]);
      await hold(true);

      start('scheduler');
      start('scheduler');
      const workers = [
        start('worker', '--concurrency', '2'),
        start('worker', '--concurrency', '2'),
      ];
      const [order] = await database.query<{ id: string }>(
        `select silver.start_backfill('public.hourly', '2026-01-01Z', timestamptz '2026-01-01Z' + $1 * interval '1 day')::text as id`,
        [size.days],
      );
      const onlooker = await database.connect();
      const look = async () => {
        const { rows } = await onlooker.query<{ state: string; done: number; total: number }>(
          `select state, done_buckets::int as done, total_buckets::int as total
           from silver.timeseries_backfill_progress where backfill_id = $1`,
          [order?.id],
        );
        return rows[0] ?? { state: 'gone', done: 0, total: 0 };
      };
      expect(await look()).toEqual({ state: 'open', done: 0, total: size.days * 24 });

      const seen: number[] = [];
      const watching = new AbortController();
      const watched = (async () => {
        while (!watching.signal.aborted) {
          seen.push((await look()).done);
          await setTimeout(20);
        }
      })();

      /** The chunks each killed worker had announced, one entry for each kill: they cannot end meanwhile, for they are held. */
      const killed: KilledChunk[] = [];
      for (let kill = 0; kill < size.kills; kill += 1) {
        const victim = workers[kill % workers.length];
        const pid = victim?.pid ?? 0;
        const before = (await look()).done;
        await hold(true);
        // It has announced a chunk, and holds it: it waits within the chunk's transaction.
        const inChunk = `with free as (select chunk_id from silver.timeseries_chunk for update skip locked)
          select from silver.timeseries_chunk c where c.state = 'running' and c.worker_id like '%:' || $1 || ':%'
            and c.chunk_id not in (select f.chunk_id from free f)`;
        await waitUntil(
          'it is in the middle of a chunk',
          async () => (await database.query(inChunk, [pid])).length > 0,
          120_000,
        );
        const heldByVictim = async () =>
          database.query<KilledChunk>(
            `select chunk_id::text as id, ranges::text as ranges from silver.timeseries_chunk
             where state = 'running' and worker_id like '%:' || $1 || ':%'`,
            [pid],
          );
        const heldBefore = await heldByVictim();
        expect(await endProcess(victim as ChildProcess, 'SIGKILL')).toBe('SIGKILL');
        const held = [...heldBefore, ...(await heldByVictim())];
        killed.push(...new Map(held.map((chunk) => [chunk.id, chunk])).values());
        workers[kill % workers.length] = start('worker', '--concurrency', '2');
        await hold(false);
        await waitUntil('it goes on', async () => (await look()).done > before, 120_000);
        // A scheduler, too, now and then.
        if (kill % 3 === 2) {
          const [scheduler] = processes.values();
          await endProcess(scheduler as ChildProcess, 'SIGKILL');
          processes.delete(scheduler?.pid ?? 0);
          start('scheduler');
        }
      }
      await waitUntil('it is finished', async () => (await look()).state === 'finished', 600_000);
      watching.abort();
      await watched;

      expect(await look()).toEqual({
        state: 'finished',
        done: size.days * 24,
        total: size.days * 24,
      });
      expect(seen.every((done, index) => done >= (seen[index - 1] ?? 0))).toBe(true);
      expect(new Set(seen).size).toBeGreaterThan(size.kills);

      // The numbers are right.
      const wrong = await database.query(`
        select * from (
          select date_bin('1 hour', at, '2001-01-01Z') as at, device, count(*) as rows, sum(value) as total from public.readings group by 1, 2) as s
        full join public.hourly as t on t.timestamp = s.at and t.device = s.device
        where (s.rows, s.total) is distinct from (t.row_count, t.sum_value::numeric)`);
      expect(wrong).toEqual([]);
      // Each bucket was committed once.
      const twice = await database.query(`
        select from silver.timeseries_refresh_log a join silver.timeseries_refresh_log b
        on a.refresh_id < b.refresh_id and a.ranges && b.ranges where a.reason = 'backfill'`);
      expect(twice).toEqual([]);
      expect(killed.length).toBeGreaterThanOrEqual(size.kills);
      // None was computed more often than its chunk was killed plus one, whatever was rolled back; kills did cost computations.
      const counted = await readComputations(database, killed);
      expect(counted.filter(({ times }) => times === 0)).toEqual([]);
      expect(counted.filter(({ times, kills }) => times > kills + 1)).toEqual([]);
      expect(counted.filter(({ times }) => times > 1).length).toBeGreaterThanOrEqual(size.kills);
      process.stdout.write(`${describeCount(counted, killed.length, seen.length)}\n`);
      // The count can tell: one more computation of a bucket, rolled back like those of a killed worker, is too many.
      await database.query(`
        begin;
        with taken as (delete from public.hourly where timestamp = '2026-01-02Z' returning *)
        insert into public.hourly select * from taken;
        rollback`);
      const wrongly = await readComputations(database, killed);
      const before = counted.find(({ bucket }) => bucket === 24)?.times ?? 0;
      expect(wrongly.find(({ bucket }) => bucket === 24)?.times).toBe(before + 1);
    },
    size.days > 100 ? 1_800_000 : 300_000,
  );
});
