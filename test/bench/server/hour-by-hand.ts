import { dimensions, metrics } from '../scenarios/fill.ts';

/**
 * What somebody would write who computes the hour table, or those of its groups that a condition on `m` names, from the minute table, and knows that no metric is
 * ever null. `$1` and `$2` are the bounds of the time.
 */
export function hourByHand(target: string, condition = 'true'): string {
  const names = Object.keys(dimensions).map((name) => `m.${name}`);
  const rowCount = 'sum(m.row_count)::bigint';
  const aggregates = Object.keys(metrics).map(
    (name) =>
      `min(m.min_${name}), max(m.max_${name}), sum(m.sum_${name}) / ${rowCount}, sum(m.sum_${name}), ${rowCount}`,
  );
  return `insert into ${target}
    select date_bin('1 hour', m."timestamp", '2000-01-03 00:00Z'), ${[...names, rowCount, ...aggregates].join(', ')}
    from public.by_minute m where m."timestamp" >= $1 and m."timestamp" < $2 and ${condition}
    group by ${[1, ...names].join(', ')}`;
}
