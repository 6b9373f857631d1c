import type pg from 'pg';
import { type Level, levels } from './hierarchy.ts';

/** A bucket in which something that Silver says differs from the source. */
export interface Mismatch {
  readonly relation: string;
  readonly bucket: string;
  readonly device: string | null;
  readonly expected: string | null;
  readonly found: string | null;
}

export interface Comparison {
  readonly buckets: number;
  readonly mismatches: readonly Mismatch[];
  /** What Silver's tables said in that snapshot, when something differed. */
  readonly state: string | null;
}

/** Compares every live view, whole, with its source aggregated from scratch, in one snapshot; `hold` may let that grow old first. */
export function compareViews(client: pg.Client, hold?: () => Promise<void>): Promise<Comparison> {
  return compare(client, (level) => ({ relation: `${level.target}_live`, where: 'true' }), hold);
}

/** The same for the tables, once nothing is left to do: as far as they are covered. */
export function compareTables(client: pg.Client): Promise<Comparison> {
  return compare(client, ({ target }) => ({
    relation: target,
    where: `(select covered from silver.timeseries_progress p join silver.timeseries_rollup_config r using (rollup_id)
      where r.target_table = 'chaos.${target}'::regclass) @> "timestamp"`,
  }));
}

interface Side {
  readonly relation: string;
  readonly where: string;
}

async function compare(
  client: pg.Client,
  sideOf: (level: Level) => Side,
  hold?: () => Promise<void>,
): Promise<Comparison> {
  await client.query('begin isolation level repeatable read');
  try {
    // The locks come before the snapshot. TRUNCATE and ATTACH are not MVCC-safe: under a snapshot older than them even
    // two readings of the source itself differ, whatever anybody does.
    await client.query('lock table only chaos.readings in share update exclusive mode');
    await client.query('lock table chaos.readings in access share mode');
    if (hold !== undefined) {
      await client.query('select');
      await hold();
    }
    const text = levels.map((level) => compareLevel(level, sideOf(level))).join(' union all ');
    const { rows } = await client.query<{ buckets: string; wrong: readonly Mismatch[] | null }>(
      text,
    );
    const mismatches = rows.flatMap(({ wrong }) => wrong ?? []);
    return {
      buckets: rows.reduce((sum, { buckets }) => sum + Number(buckets), 0),
      mismatches,
      state: mismatches.length === 0 ? null : await describeState(client),
    };
  } finally {
    await client.query('rollback');
  }
}

/**
 * The source is aggregated once for each level and never by way of another level. All must be equal but averages, which may have more or fewer
 * digits (their sums and counts are compared as well), and the sum of floats, which depends on their order: to 1e-11, which is above what three levels of sums may differ by, and far below what any
 * row adds. Sides are put together by union, for a device that is null joins with nothing.
 */
function compareLevel({ bucket, from }: Level, { relation, where }: Side): string {
  const agree = (a: string) =>
    `max(${a}) filter (where fresh) is distinct from max(${a}) filter (where not fresh)`;
  const near = (a: string) =>
    `coalesce(abs(max(${a}) filter (where fresh) - max(${a}) filter (where not fresh)) > 1e-11 * abs(max(${a}) filter (where fresh)),
       max(${a}) filter (where fresh) is distinct from max(${a}) filter (where not fresh))`;
  return `
    select count(*)::text as buckets, (jsonb_agg(to_jsonb(w) order by bucket) filter (where is_wrong))::jsonb as wrong
    from (
      select '${relation}' as relation, "timestamp"::text as bucket, device,
        max(facts || total::text) filter (where fresh) as expected, max(facts || total::text) filter (where not fresh) as found,
        count(*) filter (where fresh) <> 1 or count(*) filter (where not fresh) <> 1
          or ${agree('facts')} or ${near('total')} or ${near('level_mean')}
          or ${near('amount_mean')} or ${near('count_mean')} as is_wrong
      from (
        select true as fresh, "timestamp", device, count(*)::text || ' ' || jsonb_build_array(
            min(amount), max(amount), sum(amount), count(amount), min(count), max(count), sum(count), count(count),
            min(level), max(level), count(level), count(note),
            to_jsonb((array_agg(note order by at, note) filter (where note is not null))[1:1000]))::text || ' ' as facts,
          sum(level) as total, avg(level) as level_mean, avg(amount)::double precision as amount_mean, avg(count)::double precision as count_mean
        from (select r.*, ${bucket} as "timestamp" from chaos.readings r where at >= (select ${from} from chaos.origin)) r
        where ${where} group by "timestamp", device
        union all
        select false, "timestamp", device, row_count::text || ' ' || jsonb_build_array(
            min_amount, max_amount, sum_amount, count_amount, min_count, max_count, sum_count, count_count,
            min_level, max_level, count_level, count_note, to_jsonb(note))::text || ' ',
          sum_level, avg_level, avg_amount::double precision, avg_count::double precision
        from chaos.${relation} where ${where}
      ) as both_sides
      group by "timestamp", device
    ) as w`;
}

/** Everything that says which bucket is settled, in the snapshot of the comparison. */
async function describeState(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ state: string }>(`
    select jsonb_pretty(jsonb_build_object(
      'now', now(), 'snapshot', pg_current_snapshot(),
      'horizons', (select jsonb_agg(jsonb_build_array(source_table, horizon)) from silver.timeseries_tracked_source),
      'progress', (select jsonb_agg(jsonb_build_array(r.target_table, p.wanted, p.covered, p.dirty, silver.unsettled(p.rollup_id)) order by p.rollup_id)
        from silver.timeseries_progress p join silver.timeseries_rollup_config r using (rollup_id)),
      'chunks', (select jsonb_agg(to_jsonb(c)) from silver.timeseries_chunk c),
      'log', (select jsonb_agg(to_jsonb(l)) from silver.timeseries_invalidation_log l),
      'drains', (select jsonb_agg(to_jsonb(d)) from silver.timeseries_drain d),
      'last chunks', (select jsonb_agg(to_jsonb(l)) from (
        select * from silver.timeseries_refresh_log order by refresh_id desc limit 40) as l))) as state`);
  return rows[0]?.state ?? '';
}
