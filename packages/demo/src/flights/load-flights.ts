import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { readSql } from '../run/read-sql.ts';
import { copyHeader, copyTrailer, encodeCopy } from './encode-copy.ts';
import { readFlights } from './read-flights.ts';

export interface LoadOptions {
  readonly client: Client;
  /** How many flights, from the beginning of the file. */
  readonly rows: number;
  readonly signal: AbortSignal;
  readonly onProgress: (rowsSent: number) => void;
}

/** Creates `public.flights`, a partition a day, and copies flights into it, reading the file as the server takes them. */
export async function loadFlights({
  client,
  onProgress,
  rows,
  signal,
}: LoadOptions): Promise<void> {
  await client.query(await readSql(import.meta.url, 'create-flights.sql'));
  const copy = client.query(copyFrom('copy public.flights from stdin (format binary)'));
  // Two buffers ahead are enough to keep the server busy.
  const source = Readable.from(encodeFlights(rows, onProgress), { highWaterMark: 2 });
  await pipeline(source, copy, { signal });
}

async function* encodeFlights(
  limit: number,
  onProgress: (rowsSent: number) => void,
): AsyncGenerator<Buffer> {
  yield copyHeader();
  let sent = 0;
  for await (const batch of readFlights(limit)) {
    for (const { buffer, rows } of encodeCopy(batch)) {
      yield buffer;
      sent += rows;
      onProgress(sent);
    }
  }
  yield copyTrailer();
}
