import type { Dataset } from './dataset.ts';
import { noise } from './readings.ts';

export const sparseStart = '2019-01-01 00:00:00+00';
const sparseDevices = 20;

/** Hourly rows of 20 devices, five years of them at the default size: many buckets, few rows in each. */
export const sparseReadings: Dataset = {
  name: 'sparse',
  table: 'public.sparse',
  load: async ({ client, rows, seed }) => {
    await client.query(`create table public.sparse (
      at timestamptz not null, device integer not null, temperature double precision not null)`);
    await client.query(
      `insert into public.sparse
       select timestamptz '${sparseStart}' + tick * interval '1 hour', device_no, 15 + 10 * ${noise(1)}
       from generate_series(0, $1::bigint - 1) as tick, generate_series(0, ${sparseDevices - 1}) as device_no`,
      [sparseHours(rows), seed],
    );
    await client.query('create index on public.sparse (at)');
  },
};

/** 43,824 hours are five years, at 10,000,000 rows. */
function sparseHours(rows: number): number {
  return Math.max(24, Math.round((43_824 * rows) / 10_000_000));
}
