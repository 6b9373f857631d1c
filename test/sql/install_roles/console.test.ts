import { beforeAll, expect, it } from 'vitest';
import { post, useConsole } from '../../integration/console/use-console.ts';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { useMembers } from './use-members.ts';

const database = useDatabase();
const members = useMembers(database);
beforeAll(async () => {
  await database.query(`
    create table public.readings (at timestamptz not null, value integer);
    create index on public.readings (at);
    insert into public.readings select timestamptz '2026-03-01 00:05Z' + i * interval '30 minutes', i from generate_series(0, 47) i;
    select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2026-03-01Z');
    grant silver_reader to ${members.name('silver_operator')}`);
  await settle(database);
});
/** Connected as a login that is a member of silver_operator and silver_reader, and nothing more. */
const server = useConsole(
  {
    get url() {
      return members.url('silver_operator');
    },
  },
  { SILVER_CONSOLE_ACT: 'on' },
);

it('reads all of a rollup as silver_reader, but no data until it is granted the live view', async () => {
  expect((await fetch(`${server.url}/api/state`)).status).toBe(200);
  expect((await fetch(`${server.url}/api/rollups/1`)).status).toBe(200);
  const data = `${server.url}/api/rollups/1/data?column=row_count&from=2026-03-01T00:00:00Z&to=2026-03-01T02:00:00Z`;
  const refused = await fetch(data);
  expect(refused.status).toBe(403);
  const { remedy } = (await refused.json()) as { remedy: string };
  expect(remedy).toBe('GRANT SELECT ON public.hourly_live TO silver_reader;');
  await database.query(remedy);
  const points = await fetch(data);
  expect(await points.json()).toMatchObject([{ value: 2 }, { value: 2 }]);
});

it('says what a chunk runs, and that its plan takes other rights', async () => {
  const { lines } = (await (await fetch(`${server.url}/api/rollups/1/statement`)).json()) as {
    lines: string[];
  };
  expect(lines[0]).toContain('It takes the rights of silver_worker');
  expect(lines.join('\n')).toContain('insert into');
});

it.each([
  { action: 'pause', rollup_id: 1 },
  { action: 'resume', rollup_id: 1 },
  {
    action: 'verify',
    rollup_id: 1,
    from_time: '2026-03-01T00:00:00Z',
    to_time: '2026-03-02T00:00:00Z',
  },
  {
    action: 'backfill',
    rollup_id: 1,
    from_time: '2026-03-01T00:00:00Z',
    to_time: '2026-03-01T02:00:00Z',
  },
])('acts as silver_operator: %o', async (action) => {
  const done = await post(`${server.url}/api/actions`, action);
  expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('audit_id')]);
});

it('is refused what silver_operator may not do', async () => {
  await database.query(
    'revoke update (paused_until) on silver.timeseries_rollup_config from silver_operator',
  );
  const refused = await post(`${server.url}/api/actions`, { action: 'pause', rollup_id: 1 });
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: '42501' });
});
