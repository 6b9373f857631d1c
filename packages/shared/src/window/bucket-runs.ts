import { SilverError } from '../errors/silver-error.ts';

/**
 * A run of whole buckets `[from, to)`, by their numbers. SQL numbers the buckets of a rollup (`silver.bucket_index`),
 * so that days of 23 hours and months of 31 days are steps of one here, and no time arithmetic happens in TypeScript.
 */
export interface BucketRun {
  readonly from: number;
  readonly to: number;
}

/** Parses PostgreSQL's text of an int8multirange, `{[1,5),[7,9)}`: ordered, disjoint runs. */
export function parseBucketRuns(text: string): readonly BucketRun[] {
  if (!/^\{(\[-?\d+,-?\d+\)(,\[-?\d+,-?\d+\))*)?\}$/.test(text)) {
    throw new SilverError(
      'ROW_UNEXPECTED',
      `"${text.slice(0, 100)}" is not a bounded int8multirange.`,
    );
  }
  return [...text.matchAll(/\[(-?\d+),(-?\d+)\)/g)].map(([, from, to]) => ({
    from: bucket(from),
    to: bucket(to),
  }));
}

/** The text PostgreSQL reads as an int8multirange. */
export function formatBucketRuns(runs: readonly BucketRun[]): string {
  return `{${runs.map(({ from, to }) => `[${from},${to})`).join(',')}}`;
}

/** How many buckets the runs hold. */
export function countBuckets(runs: readonly BucketRun[]): number {
  return runs.reduce((sum, { from, to }) => sum + (to - from), 0);
}

/** The part of ordered runs that lies in `[from, to)`. */
export function clipBucketRuns(
  runs: readonly BucketRun[],
  from: number,
  to: number,
): readonly BucketRun[] {
  return runs
    .map((run) => ({ from: Math.max(run.from, from), to: Math.min(run.to, to) }))
    .filter((run) => run.from < run.to);
}

function bucket(digits: string | undefined): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) {
    throw new SilverError('ROW_UNEXPECTED', `Bucket number ${digits} is beyond 2^53.`);
  }
  return value;
}
