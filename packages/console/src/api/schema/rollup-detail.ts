import { z } from '@hono/zod-openapi';
import { instant } from './instant.ts';

/** The words for a piece of a rollup's time, as silver.coverage_of has them. */
export const coverageState = z.enum([
  'dead',
  'retrying',
  'running',
  'queued',
  'dirty',
  'provisional',
  'unsettled',
  'frozen',
  'covered',
  'missing',
  'expired',
]);
export type CoverageState = z.output<typeof coverageState>;

const coverage = z
  .object({
    state: coverageState,
    buckets: z.number().nullable(),
    exact: z.boolean(),
    ranges: z.array(z.tuple([instant.nullable(), instant.nullable()])),
  })
  .openapi('Coverage');
export type Coverage = z.output<typeof coverage>;

const attempt = {
  chunk_id: z.number().nullable(),
  from_time: instant.nullable(),
  to_time: instant.nullable(),
  buckets: z.number(),
  reason: z.string(),
  attempt: z.number(),
  worker_id: z.string().nullable(),
  trace: z.string().nullable(),
};

const chunk = z
  .object({
    ...attempt,
    state: z.enum(['queued', 'running', 'retrying', 'dead']),
    planned_at: instant,
    started_at: instant.nullable(),
    retry_at: instant.nullable(),
    last_error: z.string().nullable(),
  })
  .openapi('Chunk');
export type Chunk = z.output<typeof chunk>;

const refresh = z
  .object({
    ...attempt,
    started_at: instant,
    finished_at: instant,
    duration_ms: z.number(),
    rows_read: z.number(),
    rows_inserted: z.number(),
    rows_updated: z.number(),
    rows_deleted: z.number(),
    active_backends: z.number().nullable().openapi({
      description:
        'Client backends that ran a statement when the chunk was committed; null where no scheduler noted it, or may know it.',
    }),
    load_factor: z.number().nullable().openapi({
      description:
        'How far planning was held back then for the load of the database; 1: not at all.',
    }),
  })
  .openapi('Refresh');
export type Refresh = z.output<typeof refresh>;

const failure = z
  .object({
    error_id: z.number(),
    chunk_id: z.number().nullable(),
    attempt: z.number().nullable(),
    worker_id: z.string().nullable(),
    error_message: z.string(),
    sql_state: z.string().nullable(),
    detail: z.string().nullable(),
    hint: z.string().nullable(),
    attempted_query: z.string().nullable(),
    trace: z.string().nullable(),
    occurred_at: instant,
  })
  .openapi('Failure');

const sealHolder = z.object({
  pid: z.number().nullable(),
  gid: z.string().nullable(),
  since: instant.nullable(),
  state: z.string().nullable(),
  query: z.string().nullable(),
});

const backfill = z
  .object({
    backfill_id: z.number(),
    from_time: instant.nullable(),
    to_time: instant.nullable(),
    direction: z.string(),
    state: z.enum(['open', 'finished', 'cancelled']),
    requested_by: z.string(),
    created_at: instant,
    done_buckets: z.number(),
    total_buckets: z.number(),
    seconds_left: z.number().nullable(),
    reason: z.string(),
  })
  .openapi('Backfill');
export type Backfill = z.output<typeof backfill>;

/** Everything about one rollup. */
export const rollupDetail = z
  .object({
    rollup_id: z.int(),
    source_table: z.string(),
    target_table: z.string(),
    settings: z.record(z.string(), z.unknown()),
    columns: z.array(
      z.object({
        name: z.string(),
        role: z.string(),
        metric: z.string().nullable(),
        type: z.string(),
        composes: z.boolean(),
      }),
    ),
    hierarchy: z.array(
      z.object({
        rollup_id: z.int(),
        depth: z.int(),
        target_table: z.string(),
        interval: z.string(),
      }),
    ),
    coverage: z.array(coverage),
    chunks: z.array(chunk),
    refreshes: z.array(refresh),
    errors: z.array(failure),
    backfills: z.array(backfill),
    seal_holders: z.array(sealHolder),
    partitions: z.array(
      z.object({ name: z.string(), bytes_estimate: z.number(), rows_estimate: z.number() }),
    ),
  })
  .openapi('RollupDetail');
export type RollupDetail = z.output<typeof rollupDetail>;
