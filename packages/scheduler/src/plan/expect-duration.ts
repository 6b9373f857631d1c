import type { PendingWork } from '@silver/shared';

/**
 * How long a chunk of so many buckets should take, in ms: as long as the rollup's last ones did or, of more buckets, longer in proportion;
 * undefined while none had a row, for those of an empty stretch say nothing of what comes behind it.
 */
export function expectDuration(
  averages: PendingWork['averages'],
  buckets: number,
): number | undefined {
  if (averages === null || averages.rows <= 0) {
    return undefined;
  }
  return Math.ceil(averages.durationMs * Math.max(1, buckets / Math.max(averages.buckets, 1)));
}
