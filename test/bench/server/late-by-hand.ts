import { dimensions, indexes, metrics } from '../scenarios/fill.ts';
import type { DatabaseCopy } from './database-copies.ts';
import { groupByHand } from './group-by-hand.ts';
import { hourByHand } from './hour-by-hand.ts';

type Copy = Pick<DatabaseCopy, 'client'>;
type Precision = 'buckets' | 'groups';

/** Copies of the filled targets, in which what is computed by hand is stored. */
export async function copyTargets({ client }: Copy): Promise<void> {
  for (const level of ['minute', 'hour']) {
    await client.query(
      `create table public.${level}_by_hand (like public.by_${level} including all); insert into public.${level}_by_hand select * from public.by_${level}`,
    );
  }
}

/** Computes what was touched (`touched (device, at)`) of the minute table into a temporary table; returns the milliseconds that took. */
export async function computeByHand({ client }: Copy, precision: Precision): Promise<number> {
  const { prepare, statement } = minutesByHand(precision, 'pg_temp.by_hand');
  await client.query('analyze touched');
  await client.query('drop table if exists pg_temp.by_hand');
  await client.query(prepare);
  const startedAt = performance.now();
  await client.query(statement, ['-infinity', 'infinity']);
  return performance.now() - startedAt;
}

/**
 * Computes the touched groups of a level and writes them where they stand in its copy; those of deleted rows stay. The minute table's from raw rows
 * through their index; the hour table's from the minute table, which is read whole: through its index it took longer. Returns milliseconds.
 */
export async function storeByHand({ client }: Copy, level: 'minute' | 'hour'): Promise<number> {
  const target = `public.${level}_by_hand`;
  const key = ['"timestamp"', ...Object.keys(dimensions)].join(', ');
  const { rows } = await client.query<{ assigned: string }>(
    `select string_agg(format('%1$I = excluded.%1$I', attname), ', ' order by attnum) as assigned
     from pg_attribute where attrelid = $2::regclass and attnum > 1 + $1 and not attisdropped`,
    [Object.keys(dimensions).length, target],
  );
  const statement =
    level === 'minute'
      ? minutesByHand('groups', target).statement
      : hourByHand(
          target,
          `((date_bin('1 hour', m."timestamp", '2000-01-03 00:00Z'), m.device) in (select date_bin('1 hour', at, '2000-01-03 00:00Z'), device from touched) or false)`,
        );
  const startedAt = performance.now();
  await client.query(`${statement} on conflict (${key}) do update set ${rows[0]?.assigned}`, [
    '-infinity',
    'infinity',
  ]);
  return performance.now() - startedAt;
}

function minutesByHand(precision: Precision, target: string) {
  const bucket = `date_bin('1 minute', t.at, '2000-01-03 00:00Z') as bucket`;
  return groupByHand({
    source:
      precision === 'buckets'
        ? `(select distinct ${bucket} from touched t) as t
         join public.readings r on r.at >= t.bucket and r.at < t.bucket + interval '1 minute'`
        : `(select distinct t.device as touched_device, ${bucket} from touched t) as t
         join public.readings r on r.device = t.touched_device and r.at >= t.bucket and r.at < t.bucket + interval '1 minute'`,
    target,
    interval: '1 minute',
    dimensions,
    indexes,
    metrics,
  });
}
