import { z } from '@hono/zod-openapi';

/** What this console may do and how it is set up. */
export const consoleInfo = z
  .object({
    version: z.string(),
    may_act: z.boolean().openapi({ description: 'False: read-only.' }),
    trace_url: z.string().nullable().openapi({
      description: 'Template of a link to a trace; {traceId} stands for its id.',
    }),
  })
  .openapi('ConsoleInfo');
export type ConsoleInfo = z.output<typeof consoleInfo>;

/** What went wrong, and what to do about it. */
export const problem = z
  .object({
    message: z.string(),
    code: z.string().nullable(),
    remedy: z.string().nullable(),
  })
  .openapi('Problem');
export type Problem = z.output<typeof problem>;
