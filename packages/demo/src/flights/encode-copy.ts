import type { FlightBatch } from './read-flights.ts';

/** Rows per buffer: 4,096 rows of 44 to 52 bytes keep a buffer near 200 KB. */
const rowsPerBuffer = 4096;
const columns = 5;
/** PostgreSQL counts microseconds from 2000-01-01. */
const postgresEpochMicros = 946_684_800_000_000n;
/** Field counts and lengths, one bigint, two integers; texts come on top. */
const fixedRowBytes = 2 + columns * 4 + 8 + 4 + 4;

/** A piece of a binary COPY, and how many flights are in it. */
export interface EncodedFlights {
  readonly buffer: Buffer;
  readonly rows: number;
}

/** What begins a binary COPY: signature, flags, and no extension. */
export function copyHeader(): Buffer {
  return Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
}

/** What ends a binary COPY. */
export function copyTrailer(): Buffer {
  return Buffer.from([0xff, 0xff]);
}

/**
 * Encodes flights for `COPY … (FORMAT binary)`: timestamptz, integer, integer, text, text. Binary, because times then
 * travel as the microseconds they are; against text it also saved 3 of 10 seconds for 3,000,000 rows.
 */
export function* encodeCopy(batch: FlightBatch): Generator<EncodedFlights> {
  for (let first = 0; first < batch.rows; first += rowsPerBuffer) {
    const end = Math.min(batch.rows, first + rowsPerBuffer);
    yield { buffer: encodeRows(batch, first, end), rows: end - first };
  }
}

function encodeRows(batch: FlightBatch, first: number, end: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytesOf(batch, first, end));
  let at = 0;
  for (let row = first; row < end; row += 1) {
    at = buffer.writeInt16BE(columns, at);
    at = buffer.writeInt32BE(8, at);
    at = buffer.writeBigInt64BE(BigInt(batch.date[row] ?? 0n) - postgresEpochMicros, at);
    at = writeInteger(buffer, at, batch.delay[row]);
    at = writeInteger(buffer, at, batch.distance[row]);
    at = writeText(buffer, at, batch.origin[row]);
    at = writeText(buffer, at, batch.destination[row]);
  }
  return buffer;
}

function bytesOf({ destination, origin }: FlightBatch, first: number, end: number): number {
  let bytes = (end - first) * fixedRowBytes;
  for (let row = first; row < end; row += 1) {
    bytes += Buffer.byteLength(origin[row] ?? '') + Buffer.byteLength(destination[row] ?? '');
  }
  return bytes;
}

/** Numbers out of range throw: RangeError, like everything a Buffer cannot hold. */
function writeInteger(buffer: Buffer, at: number, value: bigint | undefined): number {
  return buffer.writeInt32BE(Number(value), buffer.writeInt32BE(4, at));
}

function writeText(buffer: Buffer, at: number, value = ''): number {
  const bytes = buffer.write(value, at + 4);
  buffer.writeInt32BE(bytes, at);
  return at + 4 + bytes;
}
