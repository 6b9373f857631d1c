import type { Dataset } from './dataset.ts';

/** Where the synthetic data begin: long past, so that every bucket has fallen due. */
export const dataStart = '2025-01-01 00:00:00+00';
export const devices = 1_000;
export const secondsBetween = 10;

/** A pseudo-random number from 0 to below 1, of the row's place and the seed: the same in every run, whatever the order. */
export function noise(salt: number): string {
  return `((hashint8extended(device_no::bigint * 100000007 + tick, $2::bigint * 31 + ${salt}) & 1048575) / 1048576.0::float8)`;
}

/** The dimensions of a device: its name, the site it stands on, its kind. Two of them are text. */
export const dimensionColumns = `
  device_no::integer as device, 'site ' || device_no % 20 as site, (array['meter', 'pump', 'valve', 'fan'])[device_no % 4 + 1] as kind`;

/** Rows per device, so that the whole is about as many rows as asked for. */
export function ticksOf(rows: number): number {
  return Math.max(1, Math.round(rows / devices));
}

/** When the last row was read, and the one after it would be. */
export function dataEnd(rows: number): string {
  const end = Date.parse('2025-01-01T00:00:00Z') + ticksOf(rows) * secondsBetween * 1_000;
  return new Date(end).toISOString();
}

/**
 * 1,000 devices every 10 seconds, in the order of time as they would arrive: three dimensions, four numeric metrics. Indexed as
 * such tables are: by time, and by device and time.
 */
export const readings: Dataset = {
  name: 'readings',
  table: 'public.readings',
  load: async ({ client, rows, seed }) => {
    await client.query(`create table public.readings (
      at timestamptz not null, device integer not null, site text not null, kind text not null,
      temperature double precision not null, pressure double precision not null, flow integer not null, charge numeric not null)`);
    await client.query(
      `insert into public.readings
       select timestamptz '${dataStart}' + tick * interval '${secondsBetween} seconds', ${dimensionColumns},
         15 + 10 * ${noise(1)}, 1000 + 50 * ${noise(2)}, (1000 * ${noise(3)})::integer, round((100 * ${noise(4)})::numeric, 2)
       from generate_series(0, $1::bigint - 1) as tick, generate_series(0, ${devices - 1}) as device_no`,
      [ticksOf(rows), seed],
    );
    await client.query('create index on public.readings (at)');
    await client.query('create index on public.readings (device, at)');
  },
};
