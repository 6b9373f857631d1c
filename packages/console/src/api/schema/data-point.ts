import { z } from '@hono/zod-openapi';
import { instant } from './instant.ts';

/** One bucket of a chart. */
export const dataPoint = z
  .object({
    bucket: instant,
    value: z.number().nullable(),
    live: z.boolean().openapi({
      description: 'Computed from the source, because the target is not settled there.',
    }),
  })
  .openapi('DataPoint');
export type DataPoint = z.output<typeof dataPoint>;

/** Dimensions and the text of their values, as json in the query; null is the value null. */
export const dataFilter = z
  .string()
  .default('{}')
  .transform((text, context): Record<string, string | null> => {
    const parsed = z.record(z.string(), z.string().nullable()).safeParse(jsonOrUndefined(text));
    if (!parsed.success) {
      context.addIssue('is not json such as {"device": "d1"}');
    }
    return parsed.data ?? {};
  })
  .openapi({ type: 'string', example: '{"device": "d1"}' });

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
