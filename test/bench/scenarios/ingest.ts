import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Connection } from '@silver/demo';
import { from as copyFrom } from 'pg-copy-streams';
import { ingestTables, type Tracking, tables, trackings } from '../data/ingest-tables.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import { isTrial, type Ratio, type Scenario } from '../scenario.ts';

type Client = Connection['client'];

/** At the head nothing is logged; late rows lie at random in 28 hours of last month, as a gateway delivers them that was offline. */
const places = {
  head: `clock_timestamp()`,
  late: `date_trunc('hour', now()) - interval '30 days' + random() * interval '28 hours'`,
} as const;
type Place = keyof typeof places;

interface Load {
  readonly name: string;
  readonly rows: number;
  /** What tracking may cost, in multiples of without, by place; a late single row: what a hypertable with a continuous aggregate costs. */
  readonly wanted: Readonly<Record<Place, number>>;
  insert(client: Client, table: string, place: Place, rows: number): Promise<void>;
}

const loads: readonly Load[] = [
  {
    name: 'single rows',
    rows: 1_000,
    wanted: { head: 1.25, late: 1.6 },
    insert: insertSingleRows,
  },
  {
    name: 'single rows, asynchronous commit',
    rows: 1_000,
    wanted: { head: 1.5, late: 2 },
    insert: async (client, table, place, rows) => {
      await client.query('set synchronous_commit = off');
      await insertSingleRows(client, table, place, rows);
      await client.query('reset synchronous_commit');
    },
  },
  {
    name: '1,000 rows a statement',
    rows: 50_000,
    wanted: { head: 1.05, late: 1.05 },
    insert: async (client, table, place, rows) => {
      for (let done = 0; done < rows; done += 1_000) {
        await client.query(
          `insert into ${table} select ${places[place]}, 'd' || i % 100, i from generate_series(1, 1000) i`,
        );
      }
    },
  },
  { name: 'COPY', rows: 100_000, wanted: { head: 1.05, late: 1.05 }, insert: copyRows },
];

const variantName = (load: string, place: string, tracking: string) =>
  `${load}, ${place}, ${tracking}`;

/** What tracking costs whoever inserts: the same rows into the same table without it, with an empty trigger, and with it. */
export const ingest: Scenario = {
  name: 'ingest',
  description: 'inserts at the head and late, by how the table is tracked',
  limits: [],
  ratios: loads.flatMap(({ name, wanted }) =>
    (['head', 'late'] as const).flatMap((place) =>
      ['empty trigger', 'tracked'].map(
        (tracking): Ratio => ({
          name: `${name}, ${place}: ${tracking} / untracked`,
          of: variantName(name, place, tracking),
          to: variantName(name, place, 'untracked'),
          wanted: tracking === 'tracked' ? wanted[place] : null,
        }),
      ),
    ),
  ),
  run: async (context) => {
    await using copy = await context.copyOf(ingestTables);
    const { client } = copy;
    const share = isTrial(context) ? 0.02 : 1;
    let round = 0;
    await measureRound(client, share, round); // warms up caches, plans and files
    return await inRounds(context, () => {
      round += 1;
      return measureRound(client, share, round);
    });
  },
};

async function measureRound(
  client: Client,
  share: number,
  round: number,
): Promise<readonly MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  for (const load of loads) {
    for (const place of Object.keys(places) as Place[]) {
      // Another one begins each round, so that none always follows the same.
      for (const [index] of trackings.entries()) {
        const tracking = trackings[(index + round) % trackings.length] as Tracking;
        const rows = load.rows * share;
        const startedAt = performance.now();
        await load.insert(client, tables[tracking], place, rows);
        const durationMs = performance.now() - startedAt;
        const variant = variantName(load.name, place, tracking);
        const details = { rows, 'entries logged': await emptyLog(client) };
        measured.push({ variant, durationMs, details });
      }
    }
  }
  return measured;
}

/** What a scheduler does all the time; here it is done while nothing is measured. */
async function emptyLog(client: Client): Promise<number> {
  const { rowCount } = await client.query('delete from silver.timeseries_invalidation_log');
  return rowCount ?? 0;
}

async function insertSingleRows(
  client: Client,
  table: string,
  place: Place,
  rows: number,
): Promise<void> {
  const text = `insert into ${table} values (${places[place]}, $1, $2)`;
  const name = `single ${table} ${place}`;
  for (let row = 0; row < rows; row += 1) {
    await client.query({ name, text, values: [`d${row % 100}`, row] });
  }
}

/** COPY reads instants that were made before: an expression is no part of its format. */
async function copyRows(client: Client, table: string, place: Place, rows: number): Promise<void> {
  const hourMs = 3_600_000;
  const from =
    place === 'head' ? Date.now() : Math.floor(Date.now() / hourMs) * hourMs - 30 * 24 * hourMs;
  const spread = place === 'head' ? 1 : 28 * hourMs;
  await pipeline(
    Readable.from(lines(rows, from, spread)),
    client.query(copyFrom(`copy ${table} from stdin`)),
  );
}

function* lines(rows: number, fromMs: number, spreadMs: number): Generator<string> {
  const batch = 1_000;
  for (let start = 0; start < rows; start += batch) {
    let text = '';
    for (let row = start; row < start + batch; row += 1) {
      // Scattered, and the same for every table.
      const at = new Date(fromMs + ((row * 7_919) % 100_003) * (spreadMs / 100_003));
      text += `${at.toISOString()}\td${row % 100}\t${row}\n`;
    }
    yield text;
  }
}
