import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import { parsedRows } from './rows.ts';

/** What `silver.verify_rollup` is to look at; instants are texts PostgreSQL understands. */
export interface VerifyRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** At most so many buckets, chosen at random; all when left out. */
  readonly sample?: number | undefined;
  /** Have the buckets that differ computed again. */
  readonly repair: boolean;
}

const row = z.record(z.string(), z.unknown()).nullable();
const difference = z.object({ bucket: z.string(), expected: row, stored: row });
/** A group whose row in the target is not what the source gives; null where there is none. */
export type Difference = z.output<typeof difference>;

/** Compares settled buckets of a rollup's target with its source. Returns the groups that differ, by bucket. */
export async function verifyRollup(
  executor: Executor,
  target: string,
  { from, repair, sample, to }: VerifyRequest,
): Promise<readonly Difference[]> {
  return parsedRows(
    executor,
    difference,
    'select bucket::text as bucket, expected, stored from silver.verify_rollup($1, $2::timestamptz, $3::timestamptz, $4::integer, $5)',
    [target, from ?? null, to ?? null, sample ?? null, repair],
  );
}
