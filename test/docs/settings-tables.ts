import { describeSettings } from '@silver/shared';
import { formatProse } from './reference/format-prose.ts';
import type { Query } from './reference/read-catalog.ts';
import { bare, markdownTable } from './reference/render-routine.ts';

/** Every environment variable the programs read, from the code that reads them. */
export function settingsTable(): string {
  const rows = describeSettings().map(({ variable, description, allowed, fallback }) => [
    `\`${variable}\``,
    description,
    allowed,
    fallback,
  ]);
  return markdownTable([['variable', 'what it is', 'allowed', 'default'], ...rows]);
}

/** What a rollup's row holds that people may change, and what holds for each: all but identity, state and what shaped the target. */
export async function rollupSettingsTable(query: Query): Promise<string> {
  const columns = await query<{ name: string; fallback: string | null; meaning: string }>(`
    select a.attname as name,
      coalesce(pg_get_expr(d.adbin, d.adrelid), case when not a.attnotnull then 'null' end) as fallback, col_description(a.attrelid, a.attnum) as meaning
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = 'silver.timeseries_rollup_config'::regclass and a.attnum > 0 and not a.attisdropped
    order by a.attnum`);
  const rows = columns
    .filter(({ name }) => rollupSettings.includes(name))
    .map(({ name, fallback, meaning }) => [
      `\`${name}\``,
      formatProse(meaning),
      fallback === null ? 'by `create_rollup_table`' : `\`${bare(fallback)}\``,
    ]);
  return markdownTable([['column', 'what it is', 'default'], ...rows]);
}

/** Columns of timeseries_rollup_config that may be changed by UPDATE at any time. */
const rollupSettings: readonly string[] = [
  'safety_buffer',
  'look_back_window',
  'freeze_after',
  'retention_period',
  'partition_interval',
  'target_chunk_duration',
  'processing_window',
  'work_mem',
  'max_in_flight',
  'priority',
  'max_retries',
  'retry_delay',
  'retry_delay_max',
  'rerun_interval',
  'stale_after',
  'alert_threshold',
];
