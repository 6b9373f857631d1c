import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

it('every table, view, type and column of the schema has a comment that says something', async () => {
  expect(
    await database.query(
      `select c.oid::regclass::text as relation, coalesce(a.attname, '') as "column"
       from pg_class c
       left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'silver'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
         and coalesce(length(col_description(c.oid, a.attnum)), 0) < 10
       union all
       select c.oid::regclass::text, '' from pg_class c
       where c.relnamespace = 'silver'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and coalesce(length(obj_description(c.oid, 'pg_class')), 0) < 10
       union all
       select t.oid::regtype::text, '' from pg_type t
       left join pg_class c on c.oid = t.typrelid
       where t.typnamespace = 'silver'::regnamespace and t.typcategory <> 'A' and coalesce(c.relkind, 'c') = 'c' and obj_description(t.oid, 'pg_type') is null`,
    ),
  ).toEqual([]);
});

it.each([
  [
    'timeseries_rollup_config',
    'source_table target_table rollup_table_interval look_back_window processing_window status worker_id retry_count alert_threshold last_processed_time',
  ],
  ['timeseries_dimension_config', 'source_table dimension_column description is_active'],
  [
    'timeseries_refresh_log',
    'started_at finished_at duration_ms rows_read rows_inserted rows_updated rows_deleted target_rows_estimate target_bytes',
  ],
  [
    'timeseries_error_log',
    'error_message sql_state detail hint context attempted_query attempt occurred_at',
  ],
])('%s has every field of the specification', async (table, columns) => {
  const rows = await database.query<{ attname: string }>(
    `select attname from pg_attribute where attrelid = ('silver.' || $1::text)::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  expect(rows.map(({ attname }) => attname)).toEqual(expect.arrayContaining(columns.split(' ')));
});
