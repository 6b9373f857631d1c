import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import { callRoutine, type RoutineRow, routineCall } from './call-routine.ts';
import { count, int8, parsedRows, parsedValue } from './rows.ts';

// Orders to compute a range of the past. Contracts and locks head the files in sql/functions/backfill.

/** Which range of which rollup; instants are texts PostgreSQL understands, what is left out is decided by the database. */
export interface BackfillRange {
  readonly target: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly descendants: boolean;
  readonly force: boolean;
  readonly chunksPerMinute?: number | undefined;
}

/** An order, with how it is to be carried out. */
export interface BackfillOrder extends BackfillRange {
  readonly direction?: 'newest-first' | 'oldest-first' | undefined;
  readonly priority?: number | undefined;
  readonly maxInFlight?: number | undefined;
}

function rangeArguments(range: BackfillRange) {
  return {
    target_table_name: ['text', range.target],
    from_time: ['timestamptz', range.from],
    to_time: ['timestamptz', range.to],
    descendants: ['boolean', range.descendants],
    force: ['boolean', range.force],
    chunks_per_minute: ['double precision', range.chunksPerMinute],
  } as const;
}

/** What an order would do, one row for each rollup. Changes nothing. */
export async function planBackfill(
  executor: Executor,
  range: BackfillRange,
): Promise<readonly RoutineRow[]> {
  return callRoutine(executor, 'plan_backfill', rangeArguments(range));
}

/** Orders it; returns the order's number. */
export async function startBackfill(executor: Executor, order: BackfillOrder): Promise<string> {
  const { text, values } = routineCall('start_backfill', {
    ...rangeArguments(order),
    direction: ['text', order.direction],
    priority: ['integer', order.priority],
    max_in_flight: ['integer', order.maxInFlight],
  });
  return parsedValue(executor, int8, `select ${text} as value`, values);
}

/** Ends it. False: it was finished or cancelled already. */
export async function cancelBackfill(executor: Executor, backfillId: string): Promise<boolean> {
  const text = 'select silver.cancel_backfill($1::bigint) as value';
  return parsedValue(executor, z.boolean(), text, [backfillId]);
}

const backfillProgress = z
  .object({
    backfill_id: int8,
    target_table: z.string(),
    from_time: z.string(),
    to_time: z.string(),
    direction: z.enum(['newest-first', 'oldest-first']),
    state: z.enum(['open', 'finished', 'cancelled']),
    total_buckets: count,
    done_buckets: count,
    done_fraction: z.number(),
    chunks_done: count,
    rows_read: count,
    in_flight: count,
    running: count,
    retrying: count,
    dead: count,
    buckets_per_second: z.number().nullable(),
    time_left: z.string().nullable(),
    reason: z.string(),
  })
  .loose();
/** How far an order is: a row of `silver.timeseries_backfill_progress`. */
export type BackfillProgress = z.output<typeof backfillProgress>;

/** All orders, the newest first. */
export async function listBackfills(executor: Executor): Promise<readonly BackfillProgress[]> {
  const text = 'select * from silver.timeseries_backfill_progress order by backfill_id desc';
  return parsedRows(executor, backfillProgress, text);
}

/** One order; undefined: there is none of this number. */
export async function readBackfill(
  executor: Executor,
  backfillId: string,
): Promise<BackfillProgress | undefined> {
  const text = 'select * from silver.timeseries_backfill_progress where backfill_id = $1::bigint';
  const [row] = await parsedRows(executor, backfillProgress, text, [backfillId]);
  return row;
}
