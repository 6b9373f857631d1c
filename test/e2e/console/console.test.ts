import type { ChildProcess } from 'node:child_process';
import type { Client } from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, useConsole } from '../../integration/console/use-console.ts';
import { endProcess, startSilver } from '../../integration/silver-under-test.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { hasBrowser, openBrowser, seriousFindings, takePicture } from './open-browser.ts';

const patience = 60_000;
if (!hasBrowser) {
  process.stderr.write(
    'console: no Chromium here, so the browser tests are SKIPPED (apt-get install chromium)\n',
  );
}

describe.skipIf(!hasBrowser)('the console in a browser, over a real fleet', () => {
  const database = useDatabase();
  const processes: ChildProcess[] = [];
  const troubles: string[] = [];
  let browser: Browser;
  const acting = useConsole(database, { SILVER_CONSOLE_ACT: 'on' });
  const reading = useConsole(database, {
    SILVER_TRACE_URL: 'https://jaeger.example/trace/{traceId}',
  });
  let writer: Client;
  let worker: ChildProcess;

  beforeAll(async () => {
    await database.query(`
      create table public.readings (at timestamptz not null, device text not null, value double precision);
      create index on public.readings (at);
      insert into public.readings
        select date_trunc('hour', now()) - i * interval '2 minutes', 'd' || i % 5, 20 + 5 * sin(i / 300.0) from generate_series(1, 30000) i;
      analyze public.readings;
      select silver.create_rollup_table('public.readings', 'public', 'readings_hourly', '1 hour', dimensions => '{device}',
        start_from => now() - interval '45 days', safety_buffer => '0');
      select silver.create_rollup_table('public.readings_hourly', 'public', 'readings_daily', '1 day', start_from => now() - interval '45 days');
      select silver.create_rollup_table('public.readings', 'public', '<script>document.title="owned"</script>', '15 minutes',
        start_from => now() - interval '2 days');
      create table public.fragile (at timestamptz not null, value integer);
      insert into public.fragile select now() - i * interval '10 minutes', i from generate_series(1, 500) i;
      select silver.create_rollup_table('public.fragile', 'public', 'fragile_hourly', '1 hour', start_from => now() - interval '3 days', max_retries => 0);
      alter table public.fragile_hourly add constraint never check (max_value < 0)`);
    start('scheduler');
    worker = start('worker');
    writer = await database.connect();
    browser = await openBrowser();
    await waitUntil(
      'the history is filled',
      async () => {
        const [row] = await database.query<{ filled: boolean }>(
          `select bool_and(lag_seconds = 0) as filled from silver.timeseries_operations_monitor where target_table !~ 'fragile'`,
        );
        return row?.filled === true;
      },
      patience,
    );
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
  });

  it('shows the worst first, with its reason, and hostile names as text', async () => {
    const page = await open(acting.url);
    const first = page.locator('table.fleet tbody tr').first();
    await first.getByText('failed').waitFor({ timeout: patience });
    expect(await first.textContent()).toMatch(/fragile_hourly.*violates check constraint "never"/s);
    await page.getByRole('link', { name: 'public."<script>document' }).waitFor();
    expect(await page.title()).toBe('Silver');
    await page.getByRole('searchbox').fill('daily');
    expect(await page.locator('table.fleet tbody tr').count()).toBe(1);
    await page.close();
  });

  it('redrives a dead chunk once its cause is mended, saying first what that does', async () => {
    await database.query('alter table public.fragile_hourly drop constraint never');
    const page = await openRollup(acting.url, 'public.fragile_hourly');
    const dead = page.locator('tr[data-chunk="dead"]');
    await dead.first().waitFor({ timeout: patience });
    for (let left = await dead.count(); left > 0; left -= 1) {
      await dead.first().getByRole('button', { name: 'Retry' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('gets all its attempts again').waitFor();
      await dialog.getByRole('button', { name: 'Retry' }).click();
      await dialog.getByText('will be tried again').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      await waitUntil('one is gone', async () => (await dead.count()) < left, patience);
    }
    await page.locator('h1').getByText('fresh').waitFor({ timeout: patience });
    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByText('will be tried again').first().waitFor();
    await page.close();
  });

  it('says which session holds the seal back, with its pid and query', async () => {
    const [{ pid } = { pid: 0 }] = (
      await writer.query<{ pid: number }>('select pg_backend_pid() as pid')
    ).rows;
    await writer.query('begin');
    await writer.query(
      `insert into public.readings values (now() - interval '1 minute', 'held', 1)`,
    );
    // The next bucket falls due while the transaction stays open.
    await database.query(`
      update silver.timeseries_tracked_source set drain_grace = '0', horizon = horizon - interval '3 hours' where source_table = 'public.readings'::regclass;
      update silver.timeseries_rollup_config set updated_at = now();
      select pg_notify('silver_wake', '')`);
    const page = await openRollup(acting.url, 'public.readings_hourly');
    await page.getByText(`Session ${pid} has`).waitFor({ timeout: patience });
    expect(await page.locator('section.notice').textContent()).toContain(
      'insert into public.readings',
    );
    await page.locator('[data-state="provisional"]').waitFor({ timeout: patience });
    await takePicture(page, 'rollup-provisional');
    await writer.query('commit');
    await page
      .locator('[data-state="provisional"]')
      .waitFor({ state: 'detached', timeout: patience });
    await page.close();
  });

  it('shows a worker that is killed leave, its chunk recover, and the map heal', async () => {
    await database.query(`
      create function public.linger() returns trigger language plpgsql as $$ begin
        if current_setting('application_name') ~ 'worker' and not exists (select from public.lingered) then perform pg_sleep(600); end if;
        return null; end $$;
      create table public.lingered ();
      create trigger linger after insert or update on public.readings_hourly for each statement execute function public.linger()`);
    const page = await openRollup(acting.url, 'public.readings_hourly');
    await database.query(
      `insert into public.readings values (now() - interval '20 days', 'late', 1)`,
    );
    await page.locator('[data-state="running"]').waitFor({ timeout: patience });
    const processesPage = await open(acting.url, '/processes');
    await processesPage.getByText(/chunk \d+ \(late/).waitFor({ timeout: patience });
    expect(await endProcess(worker, 'SIGKILL')).toBe('SIGKILL');
    await processesPage.getByText('No worker is connected').waitFor({ timeout: patience });
    await database.query('insert into public.lingered default values');
    worker = start('worker');
    await processesPage
      .getByText('No worker is connected')
      .waitFor({ state: 'detached', timeout: patience });
    await page.locator('h1').getByText('fresh').waitFor({ timeout: patience });
    expect(await page.locator('.legend tbody tr').count()).toBe(1);
    await processesPage.close();
    await page.close();
  }, 180_000);

  it('finds a wrong number, shows both values, and has it repaired', async () => {
    const [row] = await database.query<{ bucket: string; next: string }>(`
      update public.readings_daily set max_value = 4711 where timestamp = (select max(timestamp) from public.readings_daily) and device is not distinct from
        (select min(device) from public.readings_daily)
      returning to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as bucket,
        to_char(timestamp at time zone 'UTC' + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS') as next`);
    const page = await openRollup(acting.url, 'public.readings_daily');
    await page
      .getByRole('group')
      .getByLabel('From')
      .fill(row?.bucket ?? '');
    await page
      .getByRole('group')
      .getByLabel('To')
      .fill(row?.next ?? '');
    await page.getByRole('button', { name: 'Verify and repair…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Compares 1 covered buckets').waitFor();
    await dialog.getByRole('button', { name: 'Verify and repair' }).click();
    await dialog.getByText('group differs').waitFor({ timeout: patience });
    await dialog.getByText('4711').waitFor();
    await takePicture(page, 'verify');
    await waitUntil(
      'it is repaired',
      async () =>
        (await database.query('select from public.readings_daily where max_value = 4711'))
          .length === 0,
      patience,
    );
    await page.close();
  });

  it('orders a backfill with its plan shown before, and the map fills', async () => {
    await database.query(`
      insert into public.readings select now() - interval '80 days' + i * interval '10 minutes', 'old', i from generate_series(0, 1440) i`);
    const page = await openRollup(acting.url, 'public.readings_hourly');
    const covered = page.locator('[data-state="covered"] .number');
    const before = Number((await covered.textContent())?.replace(',', ''));
    const day = (ago: number) =>
      `${new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)}T00:00:00`;
    await page.getByRole('group').getByLabel('From').fill(day(79));
    await page.getByRole('group').getByLabel('To').fill(day(72));
    await page.getByRole('button', { name: 'Backfill…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('public.readings_hourly: 168 buckets (168 never computed').waitFor();
    await dialog.getByText('public.readings_daily: 7 buckets').waitFor();
    await dialog.getByRole('button', { name: 'Backfill' }).click();
    await dialog.getByText('ordered').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.locator('[data-backfill="finished"]').waitFor({ timeout: patience });
    await waitUntil(
      'the map has filled',
      async () => Number((await covered.textContent())?.replace(',', '')) >= before + 168,
      patience,
    );
    await page
      .getByText('168 of 168 buckets')
      .or(page.getByText('175 of 175 buckets'))
      .first()
      .waitFor();
    await takePicture(page, 'backfill');
    await page.close();
  });

  it('zooms the coverage map from months to single buckets, by keys too', async () => {
    const page = await openRollup(acting.url, 'public.readings_hourly');
    const under = page.locator('.coverage .under');
    const whole = await under.textContent();
    await page.getByRole('button', { name: 'Last day' }).click();
    const day = await under.textContent();
    expect(day).not.toBe(whole);
    await page.locator('canvas.strip').focus();
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('+');
    }
    expect(await under.textContent()).not.toBe(day);
    await page.locator('canvas.strip').hover();
    await under.getByText('covered').waitFor();
    await page.keyboard.press('Home');
    await page.mouse.move(0, 0);
    await waitUntil('the whole is shown', async () => (await under.textContent()) === whole);
    await page.close();
  });

  it('tells version, load and slots of each process, and leads from a chunk to its trace', async () => {
    const processesPage = await open(reading.url, '/processes');
    for (const kind of ['scheduler', 'worker']) {
      const row = processesPage.locator('tbody tr', { hasText: `${kind} ` }).first();
      await row.getByText('0.1.0').waitFor();
      await row.getByText(/[\d.]+ cores/).waitFor();
      await row.getByText('MiB').waitFor();
      expect(await row.textContent()).toMatch(kind === 'worker' ? /\d of 2/ : /pid \d+/);
    }
    await processesPage.close();
    await database.query(`
      update silver.timeseries_refresh_log set trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
      where refresh_id = (select max(refresh_id) from silver.timeseries_refresh_log where rollup_id = 1)`);
    const page = await openRollup(reading.url, 'public.readings_hourly');
    const link = page.locator('a[href^="https://jaeger.example/"]').first();
    await link.waitFor();
    expect(await link.getAttribute('href')).toBe(
      'https://jaeger.example/trace/0af7651916cd43dd8448eb211c80319c',
    );
    await page.getByRole('img', { name: 'sessions of the database' }).waitFor();
    expect(await database.query('select from silver.timeseries_load where factor > 0')).not.toEqual(
      [],
    );
    await page.close();
  });

  it('offers nothing to do while it is read-only, and refuses it when asked all the same', async () => {
    const page = await openRollup(reading.url, 'public.readings_hourly');
    await page.getByText('read-only').waitFor();
    expect(await page.getByRole('button', { name: /Pause|Verify|Retry/ }).count()).toBe(0);
    await page.close();
    const refused = await post(`${reading.url}/api/actions`, { action: 'pause', rollup_id: 1 });
    expect(refused.status).toBe(403);
  });

  it.each([
    ['light', 1400, 900],
    ['dark', 1400, 900],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)(
    'has no serious barrier in any view: %s, %i wide',
    async (colorScheme, width, height) => {
      const name = `${colorScheme}-${width > 720 ? 'wide' : 'phone'}`;
      const page = await browser.newPage({ colorScheme, viewport: { width, height } });
      watch(page);
      for (const [path, ready, view] of [
        ['/', 'table.fleet tbody tr', 'fleet'],
        [await pathOf('public.readings_hourly'), '.chart canvas', 'rollup'],
        ['/processes', 'tbody tr', 'processes'],
        ['/audit', 'tbody tr', 'audit'],
      ] as const) {
        await page.goto(acting.url + path);
        await page.locator(ready).first().waitFor({ timeout: patience });
        expect(await seriousFindings(page), `${view} ${name}`).toEqual([]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${view} ${name} scrolls sideways`).toBeLessThanOrEqual(0);
        await takePicture(page, `console-${view}-${name}`);
      }
      await page.close();
    },
    120_000,
  );

  it('never broke its own rules on the way', () => {
    expect(troubles).toEqual([]);
  });

  function start(...args: string[]): ChildProcess {
    const child = startSilver(database.url, args);
    processes.push(child);
    return child;
  }

  /** Whatever the browser complains of: scripts that fail, and what the content security policy refused. */
  function watch(page: Page): void {
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') {
        troubles.push(message.text());
      }
    });
  }

  async function open(url: string, path = '/'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    watch(page);
    await page.goto(url + path);
    return page;
  }

  async function pathOf(target: string): Promise<string> {
    const [row] = await database.query<{ rollup_id: number }>(
      'select rollup_id from silver.timeseries_rollup_config where target_table = $1::regclass',
      [target],
    );
    return `/rollups/${row?.rollup_id}`;
  }

  async function openRollup(url: string, target: string): Promise<Page> {
    const page = await open(url, await pathOf(target));
    await page.locator('.legend tbody tr').first().waitFor();
    return page;
  }
});
