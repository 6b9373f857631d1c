import type { Dataset } from './dataset.ts';

/** Tables alike but for their triggers: none, a statement trigger with an empty body (the floor), and Silver's. */
export const trackings = ['untracked', 'empty trigger', 'tracked'] as const;
export type Tracking = (typeof trackings)[number];

/** The table of each. */
export const tables: Readonly<Record<Tracking, string>> = {
  untracked: 'public.ingest_untracked',
  'empty trigger': 'public.ingest_empty',
  tracked: 'public.ingest_tracked',
};

/** Empty tables to insert into. The horizon of the tracked one is now: what is inserted at the head is not logged. */
export const ingestTables: Dataset = {
  name: 'ingest',
  table: tables.untracked,
  load: async ({ client }) => {
    for (const table of Object.values(tables)) {
      await client.query(`create table ${table} (at timestamptz not null, device text not null, amount double precision not null);
        create index on ${table} (at)`);
    }
    await client.query(`
      create function public.look_at_nothing() returns trigger language plpgsql as $$ begin return null; end $$;
      create trigger look after insert on ${tables['empty trigger']} referencing new table as added
        for each statement execute function public.look_at_nothing()`);
    await client.query(
      `select silver.create_rollup_table($1, 'public', 'ingest_hourly', '1 hour', start_from => now() - interval '1 year', dimensions => '{device}')`,
      [tables.tracked],
    );
    await client.query(
      'select silver.advance_horizon(source_id) from silver.timeseries_tracked_source',
    );
  },
};
