import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const sources = 8;

describe('many rollups', () => {
  const database = useDatabase();

  beforeAll(async () => {
    for (let source = 0; source < sources; source += 1) {
      await database.query(`create table public.readings_${source} (at timestamptz, value integer);
        select silver.create_rollup_table('public.readings_${source}', 'public', 'hourly_${source}', '1 hour');
        select silver.create_rollup_table('public.readings_${source}', 'public', 'daily_${source}', '1 day')`);
    }
  }, 60_000);

  /** How often a statement calls functions, by the server's own count. */
  async function callsOf(text: string): Promise<Map<string, number>> {
    const session = await database.connect(); // It counts what it has not yet reported: of one transaction, while it is new.
    await session.query(`begin; set local track_functions = 'all'`);
    await session.query(text);
    const { rows } = await session.query<{ name: string; calls: number }>(
      `select funcname as name, calls::integer from pg_stat_xact_user_functions where schemaname = 'silver'`,
    );
    await session.end();
    return new Map(rows.map(({ calls, name }) => [name, calls]));
  }

  it('are validated one by one: no check of one looks through the triggers, locks or sessions of all', async () => {
    const calls = await callsOf('select * from silver.validate_rollup_config()');
    expect(calls.get('check_state')).toBe(2 * sources);
    expect(calls.get('disabled_triggers')).toBe(sources);
    expect(calls.get('tracking_functions')).toBe(sources); // It was called for every trigger there is.
    expect(calls.get('seal_holders')).toBeUndefined();
  });

  it('are measured without comparing their sources with what they were', async () => {
    const monitor = await callsOf('select * from silver.timeseries_operations_monitor');
    expect(monitor.get('source_change')).toBe(2 * sources);
    const gauges = await callsOf('select * from silver.gauges()');
    expect(gauges.get('due_until')).toBeGreaterThanOrEqual(2 * sources);
    expect(gauges.get('source_change')).toBeUndefined();
  });

  it('are all told when every check of them finds something', async () => {
    await database.query('alter table public.readings_0 set unlogged');
    const rows = await database.query<{ code: string; found: number }>(
      'select code, count(*)::integer as found from silver.validate_rollup_config() group by code order by code',
    );
    expect(rows).toEqual([
      { code: 'source_unlogged', found: 1 },
      { code: 'time_unindexed', found: sources },
    ]);
  });
});
