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
    version: z.string().nullable().openapi({
      description:
        'This and what follows schedulers and workers tell of themselves every ten seconds; null for others, and until then.',
    }),
    host: z.string().nullable(),
    pid: z.int().nullable(),
    slots: z.int().nullable(),
    running: z.int().nullable(),
    cpu_cores: z.number().nullable().openapi({ description: 'How many cores it kept busy.' }),
    memory_bytes: z.number().nullable(),
    seen_at: instant.nullable(),
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
