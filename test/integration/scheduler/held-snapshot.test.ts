import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

/** Six hours of a rollup by the minute. */
const advances = 360;
const pairs = 300;

describe('a snapshot that is held while six hours of ticks go by', { timeout: 120_000 }, () => {
  const database = useDatabase();

  it('makes an insert at the head cost at most 1.3 times what it did', async () => {
    for (const name of ['ticked', 'still']) {
      await database.query(`create table public.${name} (at timestamptz not null, value integer)`);
      await database.query(
        `select silver.create_rollup_table($1, 'public', $2, '1 min', start_from => '2001-01-01Z')`,
        [`public.${name}`, `${name}_minutely`],
      );
    }
    await database.query(`
      create table public.clock (at timestamptz not null);
      insert into public.clock values (date_trunc('minute', now()));
      create or replace function silver.due_until(rollup_id integer) returns timestamptz language sql stable as
        'select at from public.clock'`);
    const holder = await database.connect();
    await holder.query('begin isolation level repeatable read');
    await holder.query('select from silver.timeseries_tracked_source');
    // A scheduler's turn each minute, of one of the two sources; the other's horizon stays where it is.
    await database.query(`
      do $$ declare source integer := (
        select s.source_id from silver.timeseries_tracked_source s where s.source_table = 'public.ticked'::regclass);
      begin
        for tick in 1..${advances} loop
          update public.clock set at = at + interval '1 minute';
          perform silver.advance_horizon(source);
          commit;
          perform silver.note_writers(source), silver.settle_drains(source);
          commit;
        end loop;
      end $$`);
    const [moved] = await database.query<{ minutes: number }>(
      `select extract(epoch from horizon - now()) / 60 as minutes from silver.timeseries_tracked_source
       where source_table = 'public.ticked'::regclass`,
    );
    expect(Number(moved?.minutes)).toBeGreaterThan(advances - 2);

    const insert = async (table: string) => {
      const startedAt = performance.now();
      await database.query(`insert into public.${table} values (now() + interval '1 year', 1)`);
      return performance.now() - startedAt;
    };
    // In turns, so that whatever else the machine does meets both alike.
    const times: Record<'ticked' | 'still', number[]> = { ticked: [], still: [] };
    for (let pair = 0; pair < pairs; pair += 1) {
      for (const table of pair % 2 === 0
        ? (['ticked', 'still'] as const)
        : (['still', 'ticked'] as const)) {
        times[table].push(await insert(table));
      }
    }
    await holder.query('rollback');
    const median = (of: number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
    expect(median(times.ticked) / median(times.still)).toBeLessThan(1.3);
  });
});
