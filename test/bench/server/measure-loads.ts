import { type Load, loads, type Place, places } from '../data/ingest-loads.ts';
import type { MeasuredVariant } from '../in-rounds.ts';
import type { DatabaseCopy } from './database-copies.ts';

type Client = DatabaseCopy['client'];

/** A table to insert into, and how it is tracked. */
export interface LoadTable {
  readonly tracking: string;
  readonly table: string;
}

/** How what is measured of a load is called. */
export const loadVariant = (load: string, place: string, tracking: string) =>
  `${load}, ${place}, ${tracking}`;

/** One round of all loads, at the head and late, each into the tables that are alike but for how they are tracked. `share`: of all slices. */
export async function measureLoads(
  { client }: Pick<DatabaseCopy, 'client'>,
  share: number,
  tablesOf: (load: Load) => readonly LoadTable[],
): Promise<readonly MeasuredVariant[]> {
  await client.query('set jit = off');
  const measured: MeasuredVariant[] = [];
  for (const load of loads) {
    for (const place of Object.keys(places) as Place[]) {
      measured.push(...(await measureLoad(client, load, place, tablesOf(load), share)));
    }
  }
  await client.query('reset synchronous_commit');
  return measured;
}

/** Begins with empty tables, so that indexes are as deep for each, and no row of another load is in memory. */
async function measureLoad(
  client: Client,
  load: Load,
  place: Place,
  tables: readonly LoadTable[],
  share: number,
): Promise<readonly MeasuredVariant[]> {
  await client.query('reset synchronous_commit');
  await client.query(`truncate ${tables.map(({ table }) => table).join(', ')}`);
  await emptyLog(client);
  await client.query('vacuum silver.timeseries_invalidation_log');
  await client.query('checkpoint');
  await load.prepare?.(client);
  for (const { table } of tables) {
    await load.insert(client, table, place); // warms up caches, plans and files
  }
  await emptyLog(client);

  const slices = Math.ceil(load.slices * share);
  const times = tables.map((): number[] => []);
  let logged = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [turn] of tables.entries()) {
      const index = (turn + slice) % tables.length;
      const startedAt = performance.now();
      await load.insert(client, tables[index]?.table ?? '', place);
      times[index]?.push(performance.now() - startedAt);
    }
    logged += await emptyLog(client);
  }
  return tables.map(({ tracking }, index) => ({
    variant: loadVariant(load.name, place, tracking),
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
