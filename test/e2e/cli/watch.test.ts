import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { hasTerminal, startInTerminal, startPiped } from './run-command.ts';

describe('silver, watching', () => {
  const database = useDatabase();
  beforeAll(async () => {
    await database.query(`
      create table public.readings (at timestamptz not null, value integer not null);
      create index on public.readings (at);
      insert into public.readings select timestamptz '2026-02-01Z' + i * interval '1 hour', i from generate_series(0, 1000) i;
      select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2026-03-01')`);
    await database.query('call silver.run_rollups()');
  });

  it('status --watch --json gives a line of json for each look, until SIGINT', async () => {
    const watching = startPiped(database.url, ['status', '--watch', '--json']);
    await waitUntil(
      'it has looked twice',
      async () => watching.said().trim().split('\n').length >= 2,
      60_000,
    );
    watching.child.kill('SIGINT');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    for (const line of stdout.trim().split('\n')) {
      expect(JSON.parse(line)).toEqual([
        expect.objectContaining({ target_table: 'public.hourly' }),
      ]);
    }
  });

  it.skipIf(!hasTerminal)('status --watch redraws the terminal, until Ctrl-C', async () => {
    const watching = startInTerminal(database.url, ['status', '--watch']);
    const clear = '\u001b[H\u001b[2J';
    await waitUntil(
      'it has looked twice',
      async () => watching.said().split(clear).length > 2,
      60_000,
    );
    watching.child.stdin?.write('\u0003');
    expect((await watching.ended).code).toBe(0);
  });

  it.skipIf(!hasTerminal)('backfill watch draws a bar that ends with the backfill', async () => {
    const [order] = await database.query<{ id: string }>(
      `select silver.start_backfill('public.hourly', '2026-02-01', '2026-02-08', chunks_per_minute => 100000)::text as id`,
    );
    const watching = startInTerminal(database.url, ['backfill', 'watch', order?.id ?? '']);
    await waitUntil('the bar is drawn', async () => watching.said().includes('░'), 60_000);
    await database.query('call silver.run_rollups()');
    const { code, stdout } = await watching.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('168 of 168 buckets');
    expect(stdout).toContain('100 %');
  });

  it('backfill watch ends when the backfill is cancelled, with 5', async () => {
    const [order] = await database.query<{ id: string }>(
      `select silver.start_backfill('public.hourly', '2026-02-08', '2026-02-15')::text as id`,
    );
    const watching = startPiped(database.url, ['backfill', 'watch', '--json']);
    await waitUntil('it has looked', async () => watching.said().includes('"open"'), 60_000);
    await database.query('select silver.cancel_backfill($1)', [order?.id]);
    const { code, stdout } = await watching.ended;
    expect(code).toBe(5);
    const looks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(looks.at(-1)).toMatchObject({ state: 'cancelled', backfill_id: order?.id });
  });
});

describe('silver uninstall', () => {
  const database = useDatabase();
  const count = 'select count(*)::int as rows from public.hourly';

  it('asks on a terminal, refuses where it cannot ask, names what depends on Silver, and keeps the targets', async () => {
    await database.query(`
      create table public.readings (at timestamptz not null, value integer not null);
      create index on public.readings (at);
      insert into public.readings select timestamptz '2026-03-01Z' + i * interval '1 minute', i from generate_series(0, 1000) i;
      select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2026-03-01');
      create view public.by_week as select silver.time_bucket('7 days', at) from public.readings`);
    await database.query('call silver.run_rollups()');
    const before = await database.query(count);
    const piped = startPiped(database.url, ['uninstall']);
    piped.child.stdin?.end('yes\n');
    expect(await piped.ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Nothing was removed[\s\S]*--yes/),
    });
    if (hasTerminal) {
      const asking = startInTerminal(database.url, ['uninstall']);
      await waitUntil('it asks', async () => asking.said().includes('yes/no'), 60_000);
      asking.child.stdin?.write('no\r');
      expect((await asking.ended).code).toBe(2);
    }
    const depended = await startPiped(database.url, ['uninstall', '--yes']).ended;
    expect(depended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/view public\.by_week/),
    });
    expect(await startPiped(database.url, ['status']).ended).toMatchObject({ code: 0 });
    const again = ['uninstall', '--yes', '--cascade', '--json'];
    const gone = await (hasTerminal ? startInTerminal : startPiped)(database.url, again).ended;
    expect(gone).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(gone.stdout)).toEqual({ kept: ['public.hourly'] });
    expect(await database.query(count)).toEqual(before);
    const left = await database.query(
      `select nspname from pg_namespace where nspname like 'silver%' union all select tgname from pg_trigger where not tgisinternal`,
    );
    expect(left).toEqual([]);
    await database.query(`insert into public.readings values (now(), 1)`);
    expect((await startPiped(database.url, ['status']).ended).code).toBe(4);
  }, 300_000);
});
