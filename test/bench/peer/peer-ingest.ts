import { loads, type Place, places } from '../data/ingest-loads.ts';
import { ingestTables, shapes, tableOf } from '../data/ingest-tables.ts';
import { inRounds } from '../in-rounds.ts';
import { isTrial, type Ratio, type Scenario } from '../scenario.ts';
import { loadVariant, measureLoads } from '../server/measure-loads.ts';
import { makeHypertable } from './hypertable-readings.ts';

const aggregated = 'hypertable with an aggregate';
const placeNames = Object.keys(places) as Place[];

/** What tracking costs whoever inserts, against a hypertable with a continuous aggregate that has been refreshed up to the last hour. */
export const peerIngest: Scenario = {
  name: 'peer-ingest',
  description: 'inserts at the head and late, tracked and into a hypertable with an aggregate',
  ratios: loads.flatMap(({ name }) =>
    placeNames.flatMap((place): Ratio[] => {
      const of = (tracking: string) => loadVariant(name, place, tracking);
      const ratio = (tracking: string, to: string, wanted: number | null): Ratio => ({
        name: `${name}, ${place}: ${tracking} / ${to}`,
        of: of(tracking),
        to: of(to),
        wanted,
      });
      return [
        ratio('tracked', 'untracked', null),
        ratio(aggregated, 'untracked', null),
        ratio('tracked', aggregated, 1),
      ];
    }),
  ),
  limits: [],
  explanation: `Tables take turns as in [ingest](#ingest). An aggregate logs what is older than its last refresh, at the end of each transaction, and so nothing at the head.`,
  run: (context) =>
    inRounds(context, async ({ copyOf }) => {
      await using copy = await copyOf(peerTables);
      return await measureLoads(copy, isTrial(context) ? 0.1 : 1, ({ shape }) => [
        ...(['untracked', 'tracked'] as const).map((tracking) => ({
          tracking,
          table: tableOf(shape, tracking),
        })),
        { tracking: aggregated, table: `public.${shape}_hypertable` },
      ]);
    }),
};

/** Those of `ingest`, and a hypertable of each shape. */
const peerTables: typeof ingestTables = {
  name: 'peer_ingest',
  table: ingestTables.table,
  load: async (context) => {
    await ingestTables.load(context);
    const { client } = context;
    for (const [shape, { columns, dimensions, indexes }] of Object.entries(shapes)) {
      const table = `public.${shape}_hypertable`;
      await client.query(`create table ${table} (${columns});
        ${indexes.map((index) => `create index on ${table} (${index});`).join('\n')}`);
      await makeHypertable(client, table);
      // Up to here an aggregate is refreshed, and no further than there have been rows.
      await client.query(
        `insert into ${table} select date_trunc('hour', now()) - interval '1 minute', ${shapes[shape as keyof typeof shapes].row} from generate_series(1, 1) i`,
      );
      const keys = dimensions.slice(1, -1);
      await client.query(
        `create materialized view public.${shape}_aggregate with (timescaledb.continuous, timescaledb.materialized_only = false) as
         select public.time_bucket('1 hour', at) as "timestamp", ${keys}, count(*) from ${table} group by 1, ${keys} with no data`,
      );
      await client.query(
        `call public.refresh_continuous_aggregate('public.${shape}_aggregate', null, null)`,
      );
    }
  },
};
