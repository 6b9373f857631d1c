import type { Dataset } from './dataset.ts';

/** Nothing yet: a database for scenarios that make their own tables. */
export const emptyTable: Dataset = {
  name: 'empty',
  table: 'public.readings',
  load: async ({ client }) => {
    await client.query(
      'create table public.readings (at timestamptz not null, value integer not null)',
    );
    await client.query('create index on public.readings (at)');
  },
};
