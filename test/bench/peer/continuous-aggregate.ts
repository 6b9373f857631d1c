import type { DatabaseCopy } from '../server/database-copies.ts';
import { sessionSettings } from '../server/start-bench-server.ts';

type Client = Pick<DatabaseCopy, 'client'>;

export interface ContinuousAggregate {
  readonly name: string;
  readonly interval: string;
  readonly dimensions: readonly string[];
  readonly metrics: readonly string[];
}

/**
 * A continuous aggregate as somebody would write it who has no tuning in mind, with the columns of Silver's target. It is read in real time
 * (`materialized_only` off), as Silver's live view is, and is filled by its first refresh.
 */
export async function createAggregate(
  { client }: Client,
  { dimensions, interval, metrics, name }: ContinuousAggregate,
): Promise<void> {
  const columns = metrics.map(
    (metric) =>
      `min(${metric}) as min_${metric}, max(${metric}) as max_${metric}, avg(${metric}) as avg_${metric}, sum(${metric}) as sum_${metric}, count(${metric}) as count_${metric}`,
  );
  for (const [setting, value] of Object.entries(sessionSettings)) {
    await client.query('select set_config($1, $2, false)', [setting, value]);
  }
  await client.query(
    `create materialized view public.${name} with (timescaledb.continuous, timescaledb.materialized_only = false) as
     select public.time_bucket('${interval}', at) as "timestamp", ${[...dimensions, 'count(*) as row_count', ...columns].join(', ')}
     from public.readings group by ${['1', ...dimensions].join(', ')} with no data`,
  );
}

/** Refreshes what has changed, or everything by force; returns how long that took, in milliseconds. */
export async function refreshAggregate(
  { client }: Client,
  name: string,
  { force = false } = {},
): Promise<number> {
  const startedAt = performance.now();
  await client.query(
    `call public.refresh_continuous_aggregate('public.${name}', null, null${force ? ', force => true' : ''})`,
  );
  return performance.now() - startedAt;
}
