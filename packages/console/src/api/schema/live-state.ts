import { z } from '@hono/zod-openapi';
import { fleetRow } from './fleet-row.ts';
import { instant } from './instant.ts';
import { silverProcess } from './process.ts';

/** What every page shows, read from the database at most once a second for all of them. */
export const liveState = z
  .object({
    read_at: instant.openapi({ description: 'The database clock when it was read.' }),
    fleet: z.array(fleetRow),
    processes: z.array(silverProcess),
  })
  .openapi('LiveState');
export type LiveState = z.output<typeof liveState>;
