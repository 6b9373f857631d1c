import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

/** Each is a name that must be quoted, and would do harm where it was not. */
const names = [
  'Select',
  'a"b',
  "it's",
  'x; drop table public.victim; --',
  'ümläut 表',
  '$$',
  '%I',
  '12345',
  ' ',
] as const;

describe.each(names)('a schema, table, columns and target named %j', (name) => {
  const database = useDatabase();
  const quoted = `"${name.replaceAll('"', '""')}"`;
  const suffixed = (suffix: string) => `"${name.replaceAll('"', '""')}${suffix}"`;
  const source = `${quoted}.${quoted}`;
  const target = `${quoted}.${suffixed('2')}`;

  beforeAll(async () => {
    await database.query(
      `create table public.victim (n integer);
       create schema ${quoted};
       create table ${source} (${suffixed(' t')} timestamptz not null, ${quoted} text, ${suffixed(' v')} integer);
       create index on ${source} (${suffixed(' t')});
       insert into ${source} select timestamptz '2001-01-01Z' + i * interval '1 minute', 'd', i from generate_series(0, 119) i;`,
    );
    await database.query(
      `insert into silver.timeseries_dimension_config (source_table, dimension_column) values ($1::regclass, $2)`,
      [source, name],
    );
    await database.query(
      `select silver.create_rollup_table($1, $2, $3, '1 hour', start_from => '2001-01-01Z', partition_interval => '1 day', retention_period => '100 years')`,
      [source, name, `${name}2`],
    );
  });

  it('is computed, watched, maintained, switched, paused, verified and dropped', async () => {
    const call = (text: string, value: string) => database.query(text, [value]);
    await call('call silver.run_rollups($1)', source);
    await database.query(`insert into ${source} values ('2001-01-01 00:00:30Z', 'd', 1000)`);
    expect(await call('select rows_written::int from silver.perform_rollup($1)', target)).toEqual([
      { rows_written: 1 },
    ]);
    await call('call silver.run_rollups($1)', target);
    expect(
      await database.query(`select row_count::int as rows from ${target} order by "timestamp"`),
    ).toEqual([{ rows: 61 }, { rows: 60 }]);
    expect(await database.query(`select ${quoted} as dimension from ${target} limit 1`)).toEqual([
      { dimension: 'd' },
    ]);
    const [{ shown } = { shown: '' }] = await database.query<{ shown: string }>(
      `select target_table as shown from silver.timeseries_operations_monitor where reason = 'fresh'`,
    );
    expect(
      await call(
        'select to_regclass($1) = (select target_table from silver.timeseries_rollup_config) as same',
        shown,
      ),
    ).toEqual([{ same: true }]);
    expect(await database.query('select * from silver.validate_rollup_config()')).toEqual([]);
    await call('select * from silver.maintain_timeseries_tables($1)', target);
    await call('select * from silver.apply_retention($1)', target);
    await call('call silver.run_maintenance($1)', target);
    await database.query('call silver.run_maintenance()');
    expect(
      await database.query(
        `select detail from silver.timeseries_maintenance_log where action = 'delayed'`,
      ),
    ).toEqual([]);
    await call('select * from silver.optimize_chunk_interval($1)', source);
    expect(
      (await call('select * from silver.get_partition_stats($1)', target)).length,
    ).toBeGreaterThan(0);
    expect(
      await database.query(
        `select role from silver.get_detailed_stats('%') where schema_name = $1 order by role`,
        [name],
      ),
    ).toEqual([{ role: 'source' }, { role: 'target' }]);
    await call('select silver.pause_rollup($1)', target);
    await call('select silver.resume_rollup($1)', target);
    await call('select silver.reset_rollup_retry($1)', target);
    await call('select silver.invalidate($1)', source);
    expect(await call('select * from silver.verify_rollup($1)', target)).toEqual([]);
    await call('select silver.track_off($1)', source);
    await call('select silver.track_on($1)', source);
    await database.query('call silver.run_rollups()');
    expect(await database.query('select * from silver.timeseries_error_log')).toEqual([]);
    await call('select silver.drop_rollup($1, true)', target);
    expect(await database.query('select from silver.timeseries_rollup_config')).toEqual([]);
    expect(await database.query('select from public.victim')).toEqual([]);
  });
});
