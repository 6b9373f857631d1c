import { z } from '@hono/zod-openapi';
import { instant } from './instant.ts';

/** A process of Silver, by its connections. */
export const silverProcess = z
  .object({
    name: z.string(),
    kind: z.string(),
    address: z.string().nullable(),
    connections: z.number(),
    busy: z.number().nullable().openapi({
      description: 'Null where the role may not see it: grant it pg_read_all_stats.',
    }),
    since: instant.nullable(),
    chunks: z.array(
      z.object({
        chunk_id: z.number(),
        rollup_id: z.int(),
        target_table: z.string(),
        reason: z.string(),
        attempt: z.number(),
        started_at: instant.nullable(),
      }),
    ),
  })
  .openapi('Process');
export type SilverProcess = z.output<typeof silverProcess>;
