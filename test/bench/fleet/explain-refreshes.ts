import type { DatabaseCopy } from '../server/database-copies.ts';

export type Refreshes = Readonly<Record<string, number>>;

/** Where the time of a rollup's chunks went, from the refresh log: those that began after `since`, an instant of the server. */
export async function explainRefreshes(
  { client }: Pick<DatabaseCopy, 'client'>,
  target: string,
  since = '-infinity',
): Promise<Refreshes> {
  const { rows } = await client.query<Refreshes>(
    `select count(*)::float8 as chunks, sum(rows_read)::float8 as "rowsRead",
       sum(rows_inserted + rows_updated + rows_deleted)::float8 as "rowsWritten", sum(duration_ms)::float8 as "busyMs",
       max(duration_ms)::float8 as "longestChunkMs",
       coalesce(sum(groups), 0)::float8 as "groups",
       (extract(epoch from max(finished_at) - min(l.started_at)) * 1000)::float8 as "chunksSpanMs"
     from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
     where r.target_table = $1::regclass and l.started_at >= $2::timestamptz and (rows_read > 0 or groups > 0)`,
    [target, since],
  );
  return rows[0] ?? {};
}

/** The server's clock, to tell chunks before from chunks after. */
export async function now({ client }: Pick<DatabaseCopy, 'client'>): Promise<string> {
  const { rows } = await client.query<{ now: string }>('select clock_timestamp()::text as now');
  return rows[0]?.now ?? '-infinity';
}
