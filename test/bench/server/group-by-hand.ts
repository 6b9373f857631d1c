import type { ByHand } from './run-by-hand.ts';

export interface GroupByHand {
  readonly source: string;
  readonly target: string;
  readonly interval: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Metrics by name: the type of least and greatest, of the mean, of the sum. */
  readonly metrics: Readonly<Record<string, readonly [value: string, mean: string, sum: string]>>;
  /** Columns of further indexes of the target; as a rule none. Silver's target has those of its source that begin with a dimension. */
  readonly indexes?: readonly string[];
}

const float = ['double precision', 'double precision', 'double precision'] as const;
const numeric = ['numeric', 'numeric', 'numeric'] as const;

/** The types Silver gives what it keeps of a metric. */
export const metricTypes = { float, integer: ['integer', 'numeric', 'bigint'], numeric } as const;

/** What somebody would write: a table with the columns, the primary key and the indexes of Silver's target, and one INSERT … SELECT … GROUP BY. */
export function groupByHand({
  dimensions,
  indexes = [],
  interval,
  metrics,
  source,
  target,
}: GroupByHand): ByHand {
  const names = Object.keys(dimensions);
  const columns = Object.entries(metrics).map(
    ([name, [value, mean, sum]]) =>
      `min_${name} ${value} not null, max_${name} ${value} not null, avg_${name} ${mean} not null, sum_${name} ${sum} not null, count_${name} bigint not null`,
  );
  const keys = names.map((name) => `${name} ${dimensions[name]} not null`);
  const aggregates = Object.keys(metrics).map(
    (name) => `min(${name}), max(${name}), avg(${name}), sum(${name}), count(${name})`,
  );
  return {
    prepare: `create table ${target} ("timestamp" timestamptz not null, ${[...keys, 'row_count bigint not null', ...columns].join(', ')},
      primary key (${['"timestamp"', ...names].join(', ')}));
      ${indexes.map((index) => `create index on ${target} (${index});`).join('\n')}`,
    statement: `insert into ${target}
      select date_bin('${interval}', at, '2000-01-03 00:00Z'), ${[...names, 'count(*)', ...aggregates].join(', ')}
      from ${source} where at >= $1 and at < $2
      group by ${[1, ...names].join(', ')}`,
  };
}
