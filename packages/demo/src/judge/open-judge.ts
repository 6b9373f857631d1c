import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api';
import type { Change, LateFlights } from '../change/plan-change.ts';
import { flightsFile } from '../flights/read-flights.ts';
import { readSql } from '../run/read-sql.ts';

/** What a comparison of a table with the judge's own result found. */
export interface Verdict {
  readonly buckets: number;
  readonly missing: number;
  readonly unexpected: number;
  readonly different: number;
  /** The first bucket that is wrong, or empty. */
  readonly firstMismatch: string;
}

/** DuckDB, which reads the flights and applies the change by itself, and so knows what every rollup must hold. */
export interface Judge extends AsyncDisposable {
  /** How many flights the source must hold. */
  countSource(): Promise<number>;
  /** Computes what a rollup must hold; until the next call, tables are compared with it. */
  expect(target: string): Promise<void>;
  /** Compares an exported table, a CSV file with a header, with what is expected. */
  compare(csvFile: string): Promise<Verdict>;
}

export interface JudgeOptions {
  /** How many flights, from the beginning of the file. */
  readonly rows: number;
  readonly change: Change;
  /** A directory for what does not fit in memory. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Starts DuckDB in this process and gives it the flights, the late batch and the deletions. */
export async function openJudge({ change, directory, rows, signal }: JudgeOptions): Promise<Judge> {
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: join(directory, 'duckdb'),
  });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  const close = () => {
    signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  };
  try {
    signal.throwIfAborted();
    await readSource(connection, rows, change);
  } catch (error) {
    close();
    throw error;
  }
  return {
    countSource: async () => Number(await single(connection, 'select count(*) as n from flights')),
    expect: async (target) => {
      signal.throwIfAborted();
      await connection.run(await readSql(import.meta.url, `expected/${target}.sql`));
    },
    compare: async (csvFile) => {
      signal.throwIfAborted();
      return compare(connection, csvFile);
    },
    [Symbol.asyncDispose]: async () => close(),
  };
}

async function readSource(
  connection: DuckDBConnection,
  rows: number,
  change: Change,
): Promise<void> {
  await connection.run(await readSql(import.meta.url, 'read-source.sql'), [flightsFile, rows]);
  await appendFlights(connection, change.late);
  const deletion = 'delete from flights where origin = $1 and date >= $2 and date < $3';
  for (const { from, origin, to } of change.deletions) {
    await connection.run(deletion, [origin, asTimestamp(from), asTimestamp(to)]);
  }
}

async function appendFlights(connection: DuckDBConnection, late: LateFlights): Promise<void> {
  const appender = await connection.createAppender('flights');
  for (const [row, micros] of late.micros.entries()) {
    appender.appendTimestamp(new DuckDBTimestampValue(micros));
    appender.appendBigInt(BigInt(late.delay[row] ?? 0));
    appender.appendBigInt(BigInt(late.distance[row] ?? 0));
    appender.appendVarchar(late.origin[row] ?? '');
    appender.appendVarchar(late.destination[row] ?? '');
    appender.endRow();
  }
  appender.closeSync();
}

function asTimestamp(instant: string): DuckDBTimestampValue {
  return new DuckDBTimestampValue(BigInt(Date.parse(instant)) * 1000n);
}

async function compare(connection: DuckDBConnection, csvFile: string): Promise<Verdict> {
  await connection.run('create or replace table actual as from expected limit 0');
  // By name: a column nobody expects is an error, one that is missing stays null and so differs.
  await connection.run(await readSql(import.meta.url, 'read-actual.sql'), [csvFile]);
  const reader = await connection.runAndReadAll(await readSql(import.meta.url, 'compare.sql'));
  const [row] = reader.getRowObjectsJson();
  return {
    buckets: Number(row?.['buckets']),
    missing: Number(row?.['missing']),
    unexpected: Number(row?.['unexpected']),
    different: Number(row?.['different']),
    firstMismatch: String(row?.['first_mismatch']),
  };
}

async function single(connection: DuckDBConnection, text: string): Promise<unknown> {
  const reader = await connection.runAndReadAll(text);
  return reader.getRowObjectsJson()[0]?.['n'];
}
