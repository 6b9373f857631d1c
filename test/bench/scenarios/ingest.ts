import { loads, type Place, places } from '../data/ingest-loads.ts';
import { ingestTables, tableOf, trackings } from '../data/ingest-tables.ts';
import { inRounds } from '../in-rounds.ts';
import { isTrial, type Ratio, type Scenario } from '../scenario.ts';
import { loadVariant, measureLoads } from '../server/measure-loads.ts';

const placeNames = Object.keys(places) as Place[];

/** What tracking costs whoever inserts: the same rows into the same table without it, with as little as a trigger can do, and with it. */
export const ingest: Scenario = {
  name: 'ingest',
  description: 'inserts at the head and late, by how the table is tracked',
  explanation: `The tables take turns in slices of tens of milliseconds, another one first each time. A time is the mean of the middle half of the slices, times their number: of
two tables without triggers the ratio was 0.99 to 1.01 so, where whole runs after each other gave 0.89 to 1.19.

An *empty trigger* for each statement has PostgreSQL copy every row into its transition table, and does nothing with it. The *floor* reads there what no exact tracking can do without: the smallest
time and, where that is late, which hours the late rows lie in; it looks nothing up and writes nothing. What Silver itself costs is tracked / floor; where the floor is above a mark, no trigger reaches it. Rows are lean, three columns and one index,
beside which a trigger shows most, or readings as in the other scenarios, eight columns and two indexes. Single rows and 1,000 at a time are prepared statements; a COPY has 10,000 rows.`,
  limits: [],
  ratios: loads.flatMap(({ name, wanted }) =>
    placeNames.flatMap((place): Ratio[] => {
      const ratio = (of: string, to: string, mark: number | null): Ratio => ({
        name: `${name}, ${place}: ${of} / ${to}`,
        of: loadVariant(name, place, of),
        to: loadVariant(name, place, to),
        wanted: mark,
      });
      return [
        ratio('empty trigger', 'untracked', null),
        ratio('floor', 'untracked', null),
        ratio('tracked', 'untracked', wanted[place]),
        ratio('tracked', 'floor', null),
      ];
    }),
  ),
  run: async (context) => {
    await using copy = await context.copyOf(ingestTables);
    const share = isTrial(context) ? 0.1 : 1;
    return await inRounds(context, () =>
      measureLoads(copy, share, ({ shape }) =>
        trackings.map((tracking) => ({ tracking, table: tableOf(shape, tracking) })),
      ),
    );
  },
};
