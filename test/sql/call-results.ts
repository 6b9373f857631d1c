import type pg from 'pg';
import type { TestDatabase } from '../support/use-database.ts';

/** What a call says of one rollup. Counts are numbers, targets as `public` finds them. */
export interface CallResult {
  readonly target_table: string;
  readonly chunks: number;
  readonly failed: number;
  readonly buckets: number;
  readonly rows_read: number;
  readonly rows_written: number;
}

/** `SELECT * FROM silver.<name>(argument)` for the functions that compute rollups, in the order of their targets. */
export function callRollups(
  database: Pick<TestDatabase, 'query'>,
  name: 'perform_rollup' | 'handle_rollup_retries',
  table?: string,
): Promise<CallResult[]> {
  return database.query<CallResult & Record<string, unknown>>(
    `select target_table, chunks::int, failed::int, buckets::int, rows_read::int, rows_written::int
     from silver.${name}(${table === undefined ? '' : '$1'}) order by target_table`,
    table === undefined ? [] : [table],
  );
}

/** Collects what the server says to a connection: `NOTICE: …`, `WARNING: …`. */
export function collectNotices(client: pg.Client): string[] {
  const notices: string[] = [];
  client.on('notice', ({ severity, message }) => notices.push(`${severity}: ${message}`));
  return notices;
}

/** The row of a rollup's settings and state. */
export async function configOf(
  database: Pick<TestDatabase, 'query'>,
  target: string,
): Promise<Record<string, unknown>> {
  const [row] = await database.query(
    `select r.*, r.processing_window::text, r.last_processed_time::text
     from silver.timeseries_rollup_config r where r.target_table = $1::regclass`,
    [target],
  );
  if (row === undefined) {
    throw new Error(`${target} is not the target of a rollup`);
  }
  return row;
}
