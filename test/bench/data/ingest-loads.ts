import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Connection } from '@silver/demo';
import { from as copyFrom } from 'pg-copy-streams';
import { type Shape, shapes } from './ingest-tables.ts';

type Client = Connection['client'];

/** At the head nothing is logged; late rows lie at random in 28 hours of last month, as a gateway delivers them that was offline. */
export const places = {
  head: 'clock_timestamp()',
  late: `date_trunc('hour', now()) - interval '30 days' + random() * interval '28 hours'`,
} as const;
export type Place = keyof typeof places;

export interface Load {
  readonly name: string;
  readonly shape: Shape;
  /** What tracking may cost, in multiples of without, by place; a late single row: what a hypertable with a continuous aggregate costs. */
  readonly wanted: Readonly<Record<Place, number>>;
  /** Tables take turns slice by slice: tens of milliseconds, so that what slows the machine down slows down all alike. */
  readonly slices: number;
  readonly rowsPerSlice: number;
  /** Is done once, before anything is measured. */
  prepare?(client: Client): Promise<void>;
  /** Inserts one slice into a table. */
  insert(client: Client, table: string, place: Place): Promise<void>;
}

export const loads: readonly Load[] = [
  singleRows('single rows', { head: 1.25, late: 1.6 }, 'on', 30),
  singleRows('single rows, asynchronous commit', { head: 1.5, late: 2 }, 'off', 60),
  manyRows('1,000 rows a statement', 'lean', 40),
  manyRows('1,000 readings a statement', 'readings', 20),
  copy('COPY', 'lean', 40),
  copy('COPY of readings', 'readings', 20),
];

function singleRows(
  name: string,
  wanted: Load['wanted'],
  synchronousCommit: string,
  slices: number,
): Load {
  const rowsPerSlice = 50;
  return {
    name,
    shape: 'lean',
    wanted,
    slices,
    rowsPerSlice,
    prepare: async (client) => {
      await client.query(`set synchronous_commit = ${synchronousCommit}`);
    },
    insert: async (client, table, place) => {
      const text = `insert into ${table} values (${places[place]}, $1, $2)`;
      for (let row = 0; row < rowsPerSlice; row += 1) {
        await client.query({ name: `1 ${table} ${place}`, text, values: [`d${row}`, row] });
      }
    },
  };
}

function manyRows(name: string, shape: Shape, slices: number): Load {
  const statements = 4;
  return {
    name,
    shape,
    wanted: { head: 1.05, late: 1.05 },
    slices,
    rowsPerSlice: statements * 1_000,
    insert: async (client, table, place) => {
      const text = `insert into ${table} select ${places[place]}, ${shapes[shape].row} from generate_series(1, 1000) i`;
      for (let done = 0; done < statements; done += 1) {
        await client.query({ name: `1,000 ${table} ${place}`, text });
      }
    },
  };
}

/** COPY reads what was written out before: making the text is no part of it. */
function copy(name: string, shape: Shape, slices: number): Load {
  const rowsPerSlice = 10_000;
  const texts: Partial<Record<Place, string>> = {};
  return {
    name,
    shape,
    wanted: { head: 1.05, late: 1.05 },
    slices,
    rowsPerSlice,
    prepare: async (client) => {
      for (const place of Object.keys(places) as Place[]) {
        const { rows } = await client.query<{ text: string }>(
          `select string_agg(concat_ws(E'\\t', ${places[place]}, ${shapes[shape].row}), E'\\n') || E'\\n' as text from generate_series(1, $1::integer) i`,
          [rowsPerSlice],
        );
        texts[place] = rows[0]?.text ?? '';
      }
    },
    insert: async (client, table, place) => {
      await pipeline(
        Readable.from([texts[place]]),
        client.query(copyFrom(`copy ${table} from stdin`)),
      );
    },
  };
}
