import type { Dataset } from './dataset.ts';

/**
 * Tables alike but for their triggers on INSERT: none; a statement trigger with an empty body, which still has every row copied into its
 * transition table; the floor, which reads there what no exact tracking can do without, and writes nothing; and Silver's.
 */
export const trackings = ['untracked', 'empty trigger', 'floor', 'tracked'] as const;
export type Tracking = (typeof trackings)[number];

/** Rows as lean as they come, with one index, beside which any trigger shows most; and the readings of the other scenarios. */
export const shapes = {
  lean: {
    columns: 'at timestamptz not null, device text not null, amount double precision not null',
    indexes: ['at'],
    dimensions: '{device}',
    row: `'d' || i % 100, i`,
  },
  readings: {
    columns: `at timestamptz not null, device integer not null, site text not null, kind text not null, temperature double precision not null,
      pressure double precision not null, flow integer not null, charge numeric not null`,
    indexes: ['at', 'device, at'],
    dimensions: '{device, site, kind}',
    row: `i % 1000, 'site ' || i % 20, (array['meter', 'pump', 'valve', 'fan'])[i % 4 + 1], 15 + i % 7 / 3.0, 1000 + i % 11 / 3.0, i % 1000, i % 100 + 0.25`,
  },
} as const;
export type Shape = keyof typeof shapes;

export const tableOf = (shape: Shape, tracking: Tracking) =>
  `public.${shape}_${tracking.replace(' ', '_')}`;

/** Empty tables to insert into. The horizon of the tracked ones is now: what is inserted at the head is not logged. */
export const ingestTables: Dataset = {
  name: 'ingest',
  table: tableOf('lean', 'untracked'),
  load: async ({ client }) => {
    await client.query(`
      create function public.look_at_nothing() returns trigger language plpgsql as $$ begin return null; end $$;
      create function public.look_at_times() returns trigger language plpgsql as $$
      declare
        touched tstzmultirange;
      begin
        if (select min(at) from added) < now() - interval '1 day' then
          select range_agg(tstzrange(hour, hour + interval '1 hour')) into touched
          from (select distinct date_bin('1 hour', at, timestamptz '2000-01-03 00:00Z') as hour from added) as hours;
        end if;
        return null;
      end $$`);
    for (const [shape, { columns, dimensions, indexes }] of Object.entries(shapes)) {
      for (const tracking of trackings) {
        const table = tableOf(shape as Shape, tracking);
        await client.query(`create table ${table} (${columns});
          ${indexes.map((index) => `create index on ${table} (${index});`).join('\n')}`);
        const body = { 'empty trigger': 'look_at_nothing', floor: 'look_at_times' }[
          tracking as string
        ];
        if (body !== undefined) {
          await client.query(`create trigger look after insert on ${table} referencing new table as added
            for each statement execute function public.${body}()`);
        }
      }
      await client.query(
        `select silver.create_rollup_table($1, 'public', $2, '1 hour', start_from => now() - interval '1 year', dimensions => $3)`,
        [tableOf(shape as Shape, 'tracked'), `${shape}_hourly`, dimensions],
      );
    }
    await client.query(
      'select silver.advance_horizon(source_id) from silver.timeseries_tracked_source',
    );
  },
};
