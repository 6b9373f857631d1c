import type { DriverTypeParser } from 'slonik';

/**
 * How column values reach TypeScript. Instants keep their microseconds and 64-bit integers all their digits because
 * both stay the text PostgreSQL sent; the zod row of each call says what becomes of them. Everything not listed here
 * (text, boolean, integer, float8, json) comes as node-postgres parses it.
 */
export const typeParsers: readonly DriverTypeParser[] = [
  'date',
  'int8',
  'interval',
  'numeric',
  'timestamp',
  'timestamptz',
].map((name) => ({ name, parse: (value) => value }));
