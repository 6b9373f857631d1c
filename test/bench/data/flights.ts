import { countFlights, loadFlights } from '@silver/demo';
import type { Dataset } from './dataset.ts';

/** The demo's 3,000,000 real flights in 181 partitions by the day: all of them, or as many as are asked for. */
export const flights: Dataset = {
  name: 'flights',
  table: 'public.flights',
  load: async ({ client, rows, signal }) => {
    await loadFlights({
      client,
      rows: Math.min(rows, await countFlights()),
      signal,
      onProgress: () => undefined,
    });
  },
};
