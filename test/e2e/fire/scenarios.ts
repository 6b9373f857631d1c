import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcess } from '../../integration/silver-under-test.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type FleetUnderFire, startFleetUnderFire } from './fleet-under-fire.ts';

const right = { wrong: [], twice: [], dead: [] };

/** A way to a server for schedulers and workers. */
export interface Way {
  readonly url: string;
  close(): Promise<void>;
}

/** What a fleet meets in life, each ending with the oracle: once straight to its server, once by a pooler. */
export function underFire(name: string, openWay: (url: string) => Promise<Way>): void {
  describe(`a fleet under fire, while rows are written, ${name}`, { timeout: 300_000 }, () => {
    let fleet: FleetUnderFire;
    let by: Way;
    const closing: (() => Promise<void>)[] = [];
    beforeEach(async () => {
      fleet = await startFleetUnderFire();
      by = await openWay(fleet.url);
      closing.push(by.close);
    }, 120_000);
    afterEach(async () => {
      await fleet.close();
      await Promise.all(closing.splice(0).map((close) => close()));
    });
    const proxy = async (): Promise<TcpProxy> => {
      const started = await startTcpProxy(by.url);
      closing.push(started.close);
      return started;
    };
    const start = (...args: string[]) => fleet.start(args, by.url);
    const startAll = (...programs: string[]) =>
      Promise.all(programs.map((program) => start(program)));
    const running = () =>
      fleet.query<{ chunk_id: string }>(
        "select chunk_id from silver.timeseries_chunk where state = 'running'",
      );

    it('the server is restarted twice, once in a crash, and all go on by themselves', async () => {
      await startAll('scheduler', 'scheduler', 'worker', 'worker');
      await fleet.moreChunks(5);
      await fleet.server.stop('fast');
      await fleet.server.start();
      await fleet.moreChunks(5);
      await fleet.server.stop('immediate');
      await fleet.server.start();
      await fleet.moreChunks(5);
      expect(await fleet.judge()).toEqual(right);
    });

    it("one worker's connections are reset, delayed, and stall for good: others take its chunks", async () => {
      const way = await proxy();
      await start('scheduler');
      const cut = await fleet.start(['worker', '--concurrency', '1'], way.url);
      await fleet.moreChunks(5);
      way.delay(100);
      await fleet.moreChunks(5);
      way.reset();
      await fleet.moreChunks(3);
      way.delay(0);
      // In the middle of a chunk its network is gone; the process lives.
      await waitUntil('it runs a chunk', async () => {
        if ((await running()).length === 0) return false;
        way.stall();
        return true;
      });
      await start('worker');
      await fleet.moreChunks(10);
      expect(cut.exitCode).toBeNull();
      // What it sends when its network is back comes too late to count.
      way.resume();
      expect(await fleet.judge()).toEqual(right);
    });

    it('all jobs are deleted, a scheduler and a worker killed, and workers told to stop, again and again', async () => {
      await start('scheduler');
      const scheduler = await start('scheduler');
      let worker = await start('worker');
      await fleet.moreChunks(5);
      await fleet.query('delete from silver_pgboss.job');
      await fleet.moreChunks(5);
      await endProcess(scheduler, 'SIGKILL');
      for (const signal of ['SIGTERM', 'SIGKILL', 'SIGTERM'] as const) {
        const next = await start('worker');
        await fleet.moreChunks(5);
        expect(await endProcess(worker, signal)).toBe(signal === 'SIGTERM' ? 0 : 'SIGKILL');
        worker = next;
      }
      expect(await fleet.judge()).toEqual(right);
    });

    it('a killed worker is recovered from within 20 seconds', async () => {
      await fleet.query(`
      create function public.linger() returns trigger language plpgsql as $$ begin
        if exists (select from public.patient) then perform pg_sleep(600); end if;
        return null; end $$`);
      await fleet.query('create table public.patient ()');
      await fleet.query(
        'create trigger linger after insert or update or delete on public.hourly for each statement execute function public.linger()',
      );
      await start('scheduler');
      const worker = await start('worker', '--concurrency', '1');
      await fleet.moreChunks(2);
      await fleet.query('insert into public.patient default values');
      const asleep = `select from pg_stat_activity where wait_event = 'PgSleep'`;
      await waitUntil(
        'it is in the middle of a chunk',
        async () => (await fleet.query(asleep)).length > 0,
      );
      const [chunk] = await running();
      await fleet.query('delete from public.patient');
      await endProcess(worker, 'SIGKILL');
      const killedAt = Date.now();
      await start('worker');
      const done = 'select attempt from silver.timeseries_refresh_log where chunk_id = $1';
      const attempts = await waitUntil('another has done it', async () => {
        const rows = await fleet.query(done, [chunk?.chunk_id]);
        return rows.length > 0 && rows;
      });
      expect(Date.now() - killedAt).toBeLessThan(20_000);
      expect(attempts).toEqual([{ attempt: 2 }]);
      expect(await fleet.judge()).toEqual(right);
    });

    it('the server turns read-only for a while, as after a switch-over: no attempt is spent', async () => {
      await startAll('scheduler', 'worker', 'worker');
      await fleet.moreChunks(5);
      const admin = new pg.Client({ connectionString: fleet.url });
      await admin.connect();
      await admin.query('alter system set default_transaction_read_only = on');
      await admin.query('select pg_reload_conf()');
      await waitUntil('it is read-only', () =>
        fleet
          .query('create table public.refused ()')
          .then(() => fleet.query('drop table public.refused').then(() => false))
          .catch(({ code }) => code === '25006'),
      );
      await admin.query('set default_transaction_read_only = off');
      // Long enough for every loop of the programs to meet it.
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await admin.query('alter system reset default_transaction_read_only');
      await admin.query('select pg_reload_conf()');
      await admin.end();
      await fleet.moreChunks(5);
      expect(await fleet.judge()).toEqual(right);
      const spent = 'select max(attempt) as most from silver.timeseries_refresh_log';
      expect(await fleet.query(spent)).toEqual([{ most: 1 }]);
    });
  });
}
