import type { Dataset } from './dataset.ts';
import {
  dataStart,
  devices,
  dimensionColumns,
  noise,
  secondsBetween,
  ticksOf,
} from './readings.ts';

/** A tenth of the rows: numbers, and the columns that have a most frequent value, text and jsonb. */
export const statusReadings: Dataset = {
  name: 'status',
  table: 'public.status',
  load: async ({ client, rows, seed }) => {
    await client.query(`create table public.status (
      at timestamptz not null, device integer not null, site text not null, kind text not null,
      temperature double precision not null, flow integer not null, state text not null, detail jsonb not null)`);
    await client.query(
      `insert into public.status
       select timestamptz '${dataStart}' + tick * interval '${secondsBetween} seconds', ${dimensionColumns},
         15 + 10 * ${noise(1)}, (1000 * ${noise(2)})::integer,
         (array['ok', 'ok', 'ok', 'warm', 'off'])[1 + (5 * ${noise(3)})::integer % 5],
         jsonb_build_object('code', (4 * ${noise(4)})::integer)
       from generate_series(0, $1::bigint - 1) as tick, generate_series(0, ${devices - 1}) as device_no`,
      [ticksOf(rows / 10), seed],
    );
    await client.query('create index on public.status (at)');
  },
};
