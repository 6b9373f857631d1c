import type { Dataset } from '../data/dataset.ts';
import { readings } from '../data/readings.ts';

/** The same readings in a hypertable with the same two indexes, and chunks of the default size. */
export const hypertableReadings: Dataset = {
  name: 'hypertable',
  table: readings.table,
  load: async (context) => {
    const { client } = context;
    await client.query('create extension if not exists timescaledb schema public');
    await readings.load(context);
    await client.query(
      `select public.create_hypertable('${readings.table}', public.by_range('at'), create_default_indexes => false, migrate_data => true)`,
    );
  },
};
