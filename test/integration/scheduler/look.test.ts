import { beforeAll, describe, expect, it } from 'vitest';
import { chunkIds, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

interface Looked {
  readonly source_name: string;
  readonly is_due: boolean;
  readonly is_at_rest: boolean;
  readonly due_in_ms: number | null;
}

describe('a look for due work', () => {
  const database = useDatabase();
  beforeAll(async () => {
    for (const name of ['one', 'two']) {
      await database.query(`
        create table public.${name} (at timestamptz not null, value integer);
        create index on public.${name} (at);
        insert into public.${name} values ('2026-01-01 00:30Z', 1)`);
      await database.query(
        `select silver.create_rollup_table($1, 'public', $2, '1 hour', start_from => '2026-01-01Z')`,
        [`public.${name}`, `${name}_hourly`],
      );
    }
    await database.query(
      `select silver.create_rollup_table('public.one_hourly', 'public', 'one_daily', '1 day', start_from => '2026-01-01Z')`,
    );
    await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
    await settle(database);
  });

  const look = (sources: string, beyond: number) =>
    database.query<Looked>('select * from silver.look($1::integer[], $2)', [sources, beyond]);

  it('finds all at rest, with the instants they fall due at, when nothing is to be done', async () => {
    const found = await look('{}', 0);
    expect(found.map(({ source_name }) => source_name)).toEqual([
      'public.one',
      'public.two',
      'public.one_hourly',
    ]);
    for (const one of found) {
      expect(one).toMatchObject({ is_due: false, is_at_rest: true });
      expect(one.due_in_ms).toBeGreaterThan(0);
      expect(one.due_in_ms).toBeLessThanOrEqual(86_400_000 + 3_600_000);
    }
  });

  it('writes nothing then, and plans no chunk', async () => {
    const [wrote] = await database.query(
      `select l.looked, pg_current_xact_id_if_assigned() is null as nothing
       from (select count(*)::integer as looked from silver.look('{}', 0)) as l`,
    );
    expect(wrote).toEqual({ looked: 3, nothing: true });
    await tick(database);
    expect(await chunkIds(database)).toEqual([]);
  });

  it('computes what is pending of none of them then, which is most of what a look at thousands would cost', async () => {
    const session = await database.connect(); // It counts what it has not yet reported: of one transaction, while it is new.
    const pendingAsked = async () => {
      const { rows } = await session.query<{ name: string; calls: number }>(
        `select funcname as name, calls::integer from pg_stat_xact_user_functions where funcname in ('source_is_due', 'pending')`,
      );
      return Object.fromEntries(rows.map(({ calls, name }) => [name, calls]));
    };
    await session.query(`begin; set local track_functions = 'all'`);
    await session.query(`select from silver.look('{}', 0)`);
    expect(await pendingAsked()).toEqual({ source_is_due: 3 });
    await session.query(
      `update silver.timeseries_progress set dirty = covered where rollup_id = 1`,
    );
    await session.query(`select from silver.look('{}', 0)`);
    expect(await pendingAsked()).toEqual({ source_is_due: 6, pending: 1 });
    await session.query('rollback');
  });

  it('computes what is pending of none whose due buckets are all in flight; a turn looks for no backfill where none is ordered', async () => {
    const session = await database.connect();
    const callsOf = async (name: string) => {
      const { rows } = await session.query<{ calls: number }>(
        'select calls::integer from pg_stat_xact_user_functions where funcname = $1',
        [name],
      );
      return rows[0]?.calls ?? 0;
    };
    await session.query(`begin; set local track_functions = 'all'`);
    await session.query(`update silver.timeseries_progress set covered = '{}' where rollup_id = 1`);
    const { rows } = await session.query(`select forward, backfill from silver.pending_work(1)`);
    expect(rows).toEqual([{ forward: expect.stringMatching(/^\{\[.+\)\}$/), backfill: '{}' }]);
    expect(await callsOf('next_backfill')).toBe(0);
    await session.query(
      `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason) select 1, forward, 1, 'forward' from silver.pending(1)`,
    );
    const before = await callsOf('pending');
    expect(
      await session.query(`select is_due, is_at_rest from silver.look('{1}', 3)`),
    ).toMatchObject({ rows: [{ is_due: false, is_at_rest: false }] });
    expect(await callsOf('pending')).toBe(before);
    await session.query('rollback');
  });

  it('asks for some only, and for those it did not know', async () => {
    expect(await look('{1}', 3)).toMatchObject([{ source_name: 'public.one' }]);
    expect(await look('{}', 2)).toMatchObject([{ source_name: 'public.one_hourly' }]);
    expect(await look('{}', 3)).toEqual([]);
  });

  it('finds what was written to although nobody asked for it, up the hierarchy, until all has been done', async () => {
    await database.query(`insert into public.one values ('2026-01-01 00:40Z', 2)`);
    expect(await look('{}', 3)).toMatchObject([
      { source_name: 'public.one', is_due: true, is_at_rest: false },
    ]);
    await tick(database);
    expect(await look('{1}', 3)).toMatchObject([{ is_due: false, is_at_rest: false }]); // its chunk is in flight
    await settle(database);
    expect(await look('{}', 3)).toEqual([]);
    expect(await look('{1,2,3}', 3)).toMatchObject([
      { is_at_rest: true },
      { is_at_rest: true },
      { is_at_rest: true },
    ]);
  });

  it('finds dirt that another scheduler consumed and did not plan, for it was killed, although nobody asked for it', async () => {
    await database.query(`insert into public.two values ('2026-01-01 00:40Z', 2)`);
    await database.query(`select silver.open_turn(2)`);
    expect(await database.query('table silver.timeseries_invalidation_log')).toEqual([]);
    expect(await look('{}', 3)).toMatchObject([
      { source_name: 'public.two', is_due: true, is_at_rest: false },
    ]);
    await settle(database);
    expect(await look('{}', 3)).toEqual([]);
  });

  it.for([
    ['an order', `select silver.start_backfill('public.two_hourly', '2025-12-31Z', '2026-01-01Z')`],
    [
      'an invalidation',
      `select silver.invalidate('public.two_hourly', '2026-01-01Z', '2026-01-01 01:00Z')`,
    ],
    ['a table that joined its tree', 'create table public.two_more () inherits (public.two)'],
  ] as const)('finds it not at rest after %s', async ([, command]) => {
    await database.query(command);
    expect(await look('{2}', 3)).toMatchObject([{ is_at_rest: false }]);
    await settle(database);
    expect(await look('{2}', 3)).toMatchObject([{ is_at_rest: true }]);
  });
});
