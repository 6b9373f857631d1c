import type { Dataset } from './dataset.ts';
import {
  dataStart,
  devices,
  dimensionColumns,
  noise,
  secondsBetween,
  ticksOf,
} from './readings.ts';

export const wideMetrics = Array.from({ length: 30 }, (_, index) => `metric_${index + 1}`);

/** A tenth of the rows, with 30 metrics. */
export const wideReadings: Dataset = {
  name: 'wide',
  table: 'public.wide',
  load: async ({ client, rows, seed }) => {
    await client.query(`create table public.wide (
      at timestamptz not null, device integer not null, site text not null, kind text not null,
      ${wideMetrics.map((name) => `${name} double precision not null`).join(', ')})`);
    await client.query(
      `insert into public.wide
       select timestamptz '${dataStart}' + tick * interval '${secondsBetween} seconds', ${dimensionColumns},
         ${wideMetrics.map((_, index) => noise(index)).join(', ')}
       from generate_series(0, $1::bigint - 1) as tick, generate_series(0, ${devices - 1}) as device_no`,
      [ticksOf(rows / 10), seed],
    );
    await client.query('create index on public.wide (at)');
  },
};
