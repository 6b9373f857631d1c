import { declareRollup } from '../fleet/rollup.ts';
import type { Dataset, LoadContext } from './dataset.ts';

const perSource = 10;
const dayMs = 86_400_000;

/**
 * Rollups of which everything that is due has been computed: one by the hour, of so many days with a row an hour, and idle ones by the day,
 * ten a source, of sources without a row. Declaring 2,000 takes a minute; a copy of them does not.
 */
export function filledRollups(name: string, rollups: number, days: number): Dataset {
  return {
    name,
    table: 'public.readings',
    load: async ({ client }) => {
      await client.query(
        'create table public.readings (at timestamptz not null, value integer not null); create index on public.readings (at)',
      );
      await client.query(
        `insert into public.readings select at, 1 from generate_series(date_trunc('day', now()) - $1::integer * interval '1 day', now(), '1 hour') as at`,
        [days],
      );
      await declareRollup({ client }, of('public.readings', 'hourly', '1 hour', days));
      await declareIdle(client, rollups - 1);
      await client.query('call silver.run_rollups()');
    },
  };
}

async function declareIdle(client: LoadContext['client'], rollups: number): Promise<void> {
  for (let number = 0; number < rollups; number += 1) {
    const source = `public.idle_${Math.floor(number / perSource)}`;
    if (number % perSource === 0) {
      await client.query(
        `create table ${source} (at timestamptz not null, value integer not null)`,
      );
    }
    await declareRollup({ client }, of(source, `idle_rollup_${number}`, '1 day', 7));
  }
}

function of(source: string, target: string, interval: string, days: number) {
  return {
    source,
    target,
    interval,
    startFrom: new Date(Date.now() - days * dayMs).toISOString(),
    dimensions: [],
    others: { partition_interval: "'0'" },
  };
}
