import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../support/wait-until.ts';
import { hasTerminal, type RunningCommand, startInTerminal, startPiped } from './run-command.ts';

describe('silver up', () => {
  // As root PostgreSQL runs as somebody else, who has to get there.
  const home = mkdtempSync(join(tmpdir(), 'silver-up-'));
  chmodSync(home, 0o755);
  const data = join(home, 'data');
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const isUp = (command: RunningCommand) =>
    waitUntil(
      'Silver is up',
      async () => {
        if (command.child.exitCode !== null) {
          throw new Error(command.said());
        }
        return command.said().includes('Ctrl-C stops it');
      },
      120_000,
    );
  const urlOf = (command: RunningCommand) => /DATABASE_URL=(\S+)/.exec(command.said())?.[1] ?? '';
  const query = async (url: string, text: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  const postmaster = () =>
    Number(readFileSync(join(data, 'data/postmaster.pid'), 'utf8').split('\n')[0]);

  it('fills a first rollup, keeps its data from run to run, whichever way it ends, and leaves no server behind', async () => {
    const port = await freePort();
    const args = ['up', '--data', data, '--port', String(port)];
    const first = startPiped(undefined, args);
    await isUp(first);
    const url = urlOf(first);
    await query(
      url,
      `
      create table public.readings (at timestamptz not null, device text not null, value double precision);
      create index on public.readings (at);
      insert into public.readings values ('2026-03-01 10:05+00', 'a', 20), ('2026-03-01 10:40+00', 'a', 22), ('2026-03-01 11:10+00', 'b', 19);
      select silver.create_rollup_table('public.readings', 'public', 'readings_hourly', '1 hour', dimensions => '{device}', start_from => '2026-03-01')`,
    );
    const stored = `select device, row_count::int as rows, avg_value as avg from public.readings_hourly order by 1`;
    await waitUntil(
      'the worker has filled it',
      async () => (await query(url, stored)).length === 2,
      60_000,
    );
    expect(await query(url, 'show fsync')).toEqual([{ fsync: 'on' }]);

    // The port and the directory are taken meanwhile.
    const busy = await startPiped(undefined, args).ended;
    expect(busy).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/a server runs on .* already, pid \d+[\s\S]*another directory/),
    });

    const server = postmaster();
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('the data stays in'),
    });
    expect(() => process.kill(server, 0)).toThrow();

    const second = hasTerminal ? startInTerminal(undefined, args) : startPiped(undefined, args);
    await isUp(second);
    expect(await query(url, stored)).toEqual([
      { device: 'a', rows: 2, avg: 21 },
      { device: 'b', rows: 1, avg: 19 },
    ]);
    if (hasTerminal) {
      second.child.stdin?.write('\u0003');
    } else {
      second.child.kill('SIGINT');
    }
    expect((await second.ended).code).toBe(0);

    const third = startPiped(undefined, args);
    await isUp(third);
    await query(url, `insert into public.readings values ('2026-03-01 10:59+00', 'a', 30)`);
    const killed = postmaster();
    third.child.kill('SIGKILL');
    await waitUntil(
      'its server has ended too',
      async () => {
        try {
          process.kill(killed, 0);
          return false;
        } catch {
          return true;
        }
      },
      60_000,
    );

    const fourth = startPiped(undefined, [...args, '--json']);
    await waitUntil('it says where it is', async () => fourth.said().includes('\n'), 120_000);
    expect(JSON.parse(fourth.said())).toEqual({
      database_url: url,
      console_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      data,
    });
    await waitUntil(
      'the late row is counted',
      async () => {
        const [a] = await query(url, stored);
        return a?.rows === 3;
      },
      60_000,
    );
    fourth.child.kill('SIGTERM');
    const { code, stdout } = await fourth.ended;
    expect([code, stdout.trim().split('\n').length]).toEqual([0, 1]);
    expect(existsSync(join(data, 'data/postmaster.pid'))).toBe(false);
  }, 600_000);

  it('says what keeps it from starting', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const { port } = listener.address() as { port: number };
    const taken = await startPiped(undefined, [
      'up',
      '--data',
      join(home, 'other'),
      '--port',
      String(port),
    ]).ended;
    expect(taken).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Address already in use/),
    });
    listener.close();
    const impossible = await startPiped(undefined, ['up', '--data', '/dev/null/data']).ended;
    expect(impossible).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\/dev\/null\/data cannot be made[\s\S]*another directory/),
    });
    const nowhere = await startPiped(undefined, [
      'up',
      '--database-url',
      'postgres://x@127.0.0.1:1/y',
    ]).ended;
    expect(nowhere).toMatchObject({ code: 3, stderr: expect.stringMatching(/cannot be reached/) });
  }, 120_000);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
