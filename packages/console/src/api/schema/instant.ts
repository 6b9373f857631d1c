import { z } from '@hono/zod-openapi';

/** An instant as PostgreSQL writes it in json, microseconds kept; also `infinity` and `-infinity`. */
export const instant = z.string().openapi({ example: '2026-03-01T12:00:00+00:00' });

/** An instant somebody chose: ISO 8601 with an offset. */
export const chosenInstant = z.iso.datetime({
  offset: true,
  error: 'is not an instant such as 2026-03-01T00:00:00Z',
});
