import type { Connection } from '@silver/demo';
import { type Load, loads, type Place, places } from '../data/ingest-loads.ts';
import { ingestTables, tableOf, trackings } from '../data/ingest-tables.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { isTrial, type Ratio, type Scenario } from '../scenario.ts';

type Client = Connection['client'];

const variantName = (load: string, place: string, tracking: string) =>
  `${load}, ${place}, ${tracking}`;
const placeNames = Object.keys(places) as Place[];

/** What tracking costs whoever inserts: the same rows into the same table without it, with as little as a trigger can do, and with it. */
export const ingest: Scenario = {
  name: 'ingest',
  description: 'inserts at the head and late, by how the table is tracked',
  explanation: `The tables take turns in slices of tens of milliseconds, another one first each time. A time is the mean of the middle half of the slices, times their number: of
two tables without triggers the ratio was 0.99 to 1.01 so, where whole runs after each other gave 0.89 to 1.19.

An *empty trigger* for each statement has PostgreSQL copy every row into its transition table, and does nothing with it. The *floor* reads there what no exact tracking can do without: the smallest
time and, where that is late, which hours the late rows lie in; it looks nothing up and writes nothing. What Silver itself costs is tracked / floor. Rows are lean, three columns and one index,
beside which a trigger shows most, or readings as in the other scenarios, eight columns and two indexes. Single rows and 1,000 at a time are prepared statements; a COPY has 10,000 rows.`,
  limits: [],
  ratios: loads.flatMap(({ name, wanted }) =>
    placeNames.flatMap((place): Ratio[] => {
      const ratio = (of: string, to: string, mark: number | null): Ratio => ({
        name: `${name}, ${place}: ${of} / ${to}`,
        of: variantName(name, place, of),
        to: variantName(name, place, to),
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
    const { client } = copy;
    await client.query('set jit = off');
    const share = isTrial(context) ? 0.1 : 1;
    return await inRounds(context, async () => {
      const measured: MeasuredVariant[] = [];
      for (const load of loads) {
        for (const place of placeNames) {
          measured.push(...(await measureLoad(client, load, place, share)));
        }
      }
      await client.query('reset synchronous_commit');
      return measured;
    });
  },
};

/** Begins with empty tables, so that indexes are as deep for each, and no row of another load is in memory. */
async function measureLoad(
  client: Client,
  load: Load,
  place: Place,
  share: number,
): Promise<readonly MeasuredVariant[]> {
  await client.query('reset synchronous_commit');
  const tables = trackings.map((tracking) => tableOf(load.shape, tracking));
  await client.query(`truncate ${tables.join(', ')}`);
  await emptyLog(client);
  await client.query('vacuum silver.timeseries_invalidation_log');
  await client.query('checkpoint');
  await load.prepare?.(client);
  for (const table of tables) {
    await load.insert(client, table, place); // warms up caches, plans and files
  }
  await emptyLog(client);

  const slices = Math.ceil(load.slices * share);
  const times = trackings.map((): number[] => []);
  let logged = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [turn] of tables.entries()) {
      const index = (turn + slice) % tables.length;
      const startedAt = performance.now();
      await load.insert(client, tables[index] as string, place);
      times[index]?.push(performance.now() - startedAt);
    }
    logged += await emptyLog(client);
  }
  return trackings.map((tracking, index) => ({
    variant: variantName(load.name, place, tracking),
    durationMs: meanOfMiddleHalf(times[index] ?? []) * slices,
    details: {
      rows: slices * load.rowsPerSlice,
      'entries logged': tracking === 'tracked' ? logged : 0,
    },
  }));
}

/** What a scheduler does all the time; here it is done while nothing is measured. */
async function emptyLog(client: Client): Promise<number> {
  const { rowCount } = await client.query('delete from silver.timeseries_invalidation_log');
  return rowCount ?? 0;
}

/** Neither a checkpoint nor a pause of the machine counts, and yet more than one slice speaks. */
function meanOfMiddleHalf(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  const quarter = Math.floor(sorted.length / 4);
  const middle = sorted.slice(quarter, sorted.length - quarter);
  return middle.reduce((sum, time) => sum + time, 0) / middle.length;
}
