import { z } from 'zod';

/** Why a chunk is computed: new buckets, covered ones that changed, an order, or a repair. */
export const chunkReason = z.enum(['forward', 'late', 'repair', 'backfill']);
export type ChunkReason = z.output<typeof chunkReason>;

/**
 * What a job carries: which chunk to run, and enough to name it in a trace before the chunk's row is read. The row in
 * `silver.timeseries_chunk` is the truth; a job is a delivery of it.
 */
export const chunkJob = z.object({
  chunkId: z.string().regex(/^\d+$/),
  rollupId: z.int(),
  target: z.string(),
  reason: chunkReason,
  traceparent: z.string().nullable(),
  /** Attempts the chunk had spent before this job; the job counts its own. */
  attemptsSpent: z.int().min(0).default(0),
  /** How long it should take, by its rollup's averages when it was planned. Without: nobody knows, or it has failed before. */
  expectedMs: z.number().min(0).optional(),
});
export type ChunkJob = z.output<typeof chunkJob>;
