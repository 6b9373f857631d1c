import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** 3,000,000 flights in the United States, 2001-01-01 to 2001-07-01, as the npm package vega-datasets ships them. */
export const flightsFile = fileURLToPath(
  new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')),
);

/** A stretch of the file, column by column, in the file's order. */
export interface FlightBatch {
  readonly rows: number;
  /** Microseconds since 1970, UTC. */
  readonly date: readonly bigint[];
  readonly delay: readonly bigint[];
  readonly distance: readonly bigint[];
  readonly origin: readonly string[];
  readonly destination: readonly string[];
}

/** How many flights there are to read. */
export async function countFlights(): Promise<number> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(flightsFile));
  return Number(metadata.num_rows);
}

/**
 * Reads the first `limit` flights, one row group (272,727 rows) after the other: memory stays bounded by one group.
 * Columns instead of row objects: decoding 3,000,000 rows takes 2.5 s that way, and times keep their microseconds.
 */
export async function* readFlights(limit: number): AsyncGenerator<FlightBatch> {
  const file = await asyncBufferFromFile(flightsFile);
  const metadata = await parquetMetadataAsync(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = Math.min(limit, rowStart + Number(group.num_rows));
    if (rowEnd <= rowStart) {
      return;
    }
    // One scan per group: a scan keeps every column it has read.
    const scan = await parquetScan({
      file,
      metadata,
      compressors,
      parsers: { timestampFromMicroseconds: (micros) => micros },
      rowStart,
      rowEnd,
    });
    const column = async <Value extends bigint | string>(name: string) =>
      (await scan.readColumn({ column: name, rowStart, rowEnd })) as unknown as readonly Value[];
    yield {
      rows: rowEnd - rowStart,
      date: await column<bigint>('date'),
      delay: await column<bigint>('delay'),
      distance: await column<bigint>('distance'),
      origin: await column<string>('origin'),
      destination: await column<string>('destination'),
    };
    rowStart = rowEnd;
  }
}
