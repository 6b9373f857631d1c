import { z } from '@hono/zod-openapi';
import { chosenInstant, instant } from './instant.ts';

const rollupId = z.int().positive();
const range = {
  rollup_id: rollupId,
  from_time: chosenInstant,
  to_time: chosenInstant,
};

/** What somebody may ask for: told of its effect first (`/api/actions/effect`), then done (`/api/actions`). */
export const action = z
  .discriminatedUnion('action', [
    z.object({
      action: z.literal('pause'),
      rollup_id: rollupId,
      until: chosenInstant.optional(),
    }),
    z.object({ action: z.literal('resume'), rollup_id: rollupId }),
    z.object({ action: z.literal('retry'), rollup_id: rollupId, chunk_id: z.int().positive() }),
    z.object({ action: z.literal('discard'), rollup_id: rollupId, chunk_id: z.int().positive() }),
    z.object({ action: z.literal('invalidate'), ...range }),
    z.object({
      action: z.literal('backfill'),
      ...range,
      descendants: z.boolean().default(true),
      direction: z.enum(['newest-first', 'oldest-first']).default('newest-first'),
      force: z.boolean().default(false),
    }),
    z.object({
      action: z.literal('cancel-backfill'),
      rollup_id: rollupId,
      backfill_id: z.int().positive(),
    }),
    z.object({
      action: z.literal('verify'),
      ...range,
      sample: z.int().min(1).max(100_000).optional(),
      repair: z.boolean().default(false),
    }),
  ])
  .openapi('Action');
export type Action = z.output<typeof action>;

/** The sentence a person reads before anything happens. */
export const effect = z.object({ effect: z.string() }).openapi('Effect');
export type Effect = z.output<typeof effect>;

/** A row of the target, by the names of its columns; null: there is none. */
const group = z.record(z.string(), z.unknown()).nullable();

const difference = z.object({ bucket: instant, expected: group, stored: group });

/** What came of an action. */
export const outcome = z
  .object({
    audit_id: z.number(),
    outcome: z.string(),
    differences: z.array(difference),
  })
  .openapi('Outcome');
export type Outcome = z.output<typeof outcome>;

/** One line of the audit table. */
export const auditEntry = z
  .object({
    audit_id: z.number(),
    occurred_at: instant,
    actor: z.string(),
    database_role: z.string(),
    action: z.string(),
    rollup_id: z.int().nullable(),
    target_name: z.string().nullable(),
    effect: z.string(),
    outcome: z.string(),
  })
  .openapi('AuditEntry');
export type AuditEntry = z.output<typeof auditEntry>;
