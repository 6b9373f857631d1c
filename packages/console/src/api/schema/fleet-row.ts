import { z } from '@hono/zod-openapi';
import { instant } from './instant.ts';

/** One rollup on the page of all: a row of the operations monitor, and its work of the last half hour. */
export const fleetRow = z
  .object({
    rollup_id: z.int(),
    parent_id: z.int().nullable(),
    source_table: z.string(),
    target_table: z.string(),
    rollup_table_interval: z.string(),
    mode: z.string(),
    status: z.enum(['idle', 'processing', 'error', 'paused']),
    paused_until: instant.nullable(),
    last_processed_time: instant.nullable(),
    lag_seconds: z.number(),
    alert_threshold: z.string(),
    is_late: z.boolean(),
    pending_buckets: z.number(),
    pending_seconds_estimate: z.number().nullable(),
    in_flight: z.number(),
    queued: z.number(),
    running: z.number(),
    retrying: z.number(),
    dead: z.number(),
    processing_window: z.string().nullable(),
    success_rate: z.number().nullable(),
    last_error: z.string().nullable(),
    last_error_at: instant.nullable(),
    seal_held_by: z.string().nullable(),
    reason: z.string(),
    rows_by_minute: z.record(z.string(), z.number()).openapi({
      description: 'Source rows read by the minute: 29 is the one that runs, 0 half an hour ago.',
    }),
    rows_per_second: z.number(),
    chunks_last_half_hour: z.number(),
  })
  .openapi('FleetRow');
export type FleetRow = z.output<typeof fleetRow>;
