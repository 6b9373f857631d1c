import type { Connection } from '@silver/demo';
import type { Dataset } from '../data/dataset.ts';
import { readings } from '../data/readings.ts';

/** The same readings in a hypertable with the same two indexes, and chunks of the default size. */
export const hypertableReadings: Dataset = {
  name: 'hypertable',
  table: readings.table,
  load: async (context) => {
    await readings.load(context);
    await makeHypertable(context.client, readings.table);
  },
};

/** Turns a table into a hypertable by its column `at`, whose indexes it keeps. */
export async function makeHypertable(client: Connection['client'], table: string): Promise<void> {
  await client.query('create extension if not exists timescaledb schema public');
  await client.query(
    `select public.create_hypertable('${table}', public.by_range('at'), create_default_indexes => false, migrate_data => true)`,
  );
}
