import type { Dataset } from './dataset.ts';
import { dataStart, noise } from './readings.ts';

export const sourceCount = 50;

/** So many tables of a few hundred rows each, for 500 rollups. */
export const manySources: Dataset = {
  name: 'many',
  table: 'public.source_1',
  load: async ({ client, seed }) => {
    for (let number = 1; number <= sourceCount; number += 1) {
      await client.query(`create table public.source_${number} (
        at timestamptz primary key, device integer not null, temperature double precision not null)`);
      await client.query(
        `insert into public.source_${number}
         select timestamptz '${dataStart}' + tick * interval '5 minutes', tick % 3, 15 + 10 * ${noise(1)}
         from generate_series(0, $1::bigint - 1) as tick, generate_series(${number}, ${number}) as device_no`,
        [288, seed],
      );
    }
  },
};
