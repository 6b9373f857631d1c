import { z } from 'zod';
import type { Executor, SqlValue } from '../database/executor.ts';
import { parsedRows } from './rows.ts';

/** An argument of a function of Silver's, by its name; a value that is left out takes the default of the function. */
export type RoutineArguments = Readonly<
  Record<string, readonly [type: string, value: SqlValue | undefined]>
>;

/** A row as PostgreSQL sent it, by the names of its columns: instants and 64-bit numbers are text. */
export type RoutineRow = Readonly<Record<string, unknown>>;

const routineRow = z.record(z.string(), z.unknown());

/** The call of a function as an expression, its arguments by name and cast by the server, which alone decides what an interval is. */
export function routineCall(
  routine: string,
  given: RoutineArguments,
): { readonly text: string; readonly values: readonly SqlValue[] } {
  const named = Object.entries(given).flatMap(([name, [type, value]]) =>
    value === undefined ? [] : [{ name, type, value }],
  );
  const list = named.map(({ name, type }, index) => `${name} => $${index + 1}::${type}`);
  return {
    text: `silver.${routine}(${list.join(', ')})`,
    values: named.map(({ value }) => value),
  };
}

/** Calls a function of Silver's for people and returns its rows, to be shown as they are. */
export async function callRoutine(
  executor: Executor,
  routine: string,
  given: RoutineArguments = {},
): Promise<readonly RoutineRow[]> {
  const { text, values } = routineCall(routine, given);
  return parsedRows(executor, routineRow, `select * from ${text}`, values);
}

/** Reads a table or view of Silver's, to be shown as it is; `by`: only rows with this value in this column. */
export async function readRelation(
  executor: Executor,
  relation: string,
  options: {
    readonly by?: readonly [column: string, type: string, value: SqlValue];
    readonly order: string;
  },
): Promise<readonly RoutineRow[]> {
  const { by, order } = options;
  const where = by === undefined ? '' : ` where ${by[0]} = $1::${by[1]}`;
  const text = `select * from silver.${relation}${where} order by ${order}`;
  return parsedRows(executor, routineRow, text, by === undefined ? [] : [by[2]]);
}
