import { z } from 'zod';
import type { Executor, SqlValue } from '../database/executor.ts';
import { SilverError } from '../errors/silver-error.ts';

/** A 64-bit identifier: kept as text, for a number would lose digits above 2^53. */
export const int8 = z.string().regex(/^-?\d+$/);

/** A 64-bit count, as a number: exact up to 2^53, which counts of rows and buckets stay below. */
export const count = z.union([z.string(), z.number()]).transform(Number).pipe(z.number());

/** The same where SQL may answer null. */
export const countOrNull = count.nullable();

/**
 * Runs a statement and parses each of its rows: behind this line the types are trusted.
 * A row that does not fit means that program and database are of different versions.
 */
export async function parsedRows<Schema extends z.ZodType>(
  executor: Executor,
  schema: Schema,
  text: string,
  values: readonly SqlValue[] = [],
): Promise<z.output<Schema>[]> {
  return parse(z.array(schema), await executor.rows(text, values), text);
}

/** Runs a statement that returns one row with one column named `value`. */
export async function parsedValue<Schema extends z.ZodType>(
  executor: Executor,
  schema: Schema,
  text: string,
  values: readonly SqlValue[] = [],
): Promise<z.output<Schema>> {
  const one = z.array(z.object({ value: z.unknown() })).length(1);
  const [row] = parse(one, await executor.rows(text, values), text);
  return parse(schema, row?.value, text);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  rows: unknown,
  text: string,
): z.output<Schema> {
  const parsed = schema.safeParse(rows);
  if (parsed.success) {
    return parsed.data;
  }
  throw new SilverError(
    'ROW_UNEXPECTED',
    `${text} returned rows of another shape: ${z.prettifyError(parsed.error)}`,
    {
      cause: parsed.error,
      details: { text },
      remedy: 'Run silver migrate with the version of Silver that runs here.',
    },
  );
}
