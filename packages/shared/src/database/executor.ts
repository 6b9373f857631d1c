import type { Db } from 'pg-boss';
import { type CommonQueryMethods, type QuerySqlToken, sql } from 'slonik';
import { z } from 'zod';

/** A value bound to a statement. Anything richer travels as json text. */
export type SqlValue = boolean | number | string | null;

/**
 * Runs one statement and returns its rows: the one thing Silver's typed calls ask of a connection. They therefore
 * work on a slonik pool, in a slonik transaction and in the transaction of a pg-boss handler alike.
 */
export interface Executor {
  rows(text: string, values?: readonly SqlValue[]): Promise<readonly unknown[]>;
}

/** Runs typed calls on slonik: a pool, a connection or a transaction. */
export function onSlonik(connection: Pick<CommonQueryMethods, 'query'>): Executor {
  return {
    rows: async (text, values = []) => (await connection.query(rawQuery(text, values))).rows,
  };
}

/** Runs typed calls in the transaction that pg-boss hands to a transactional handler. */
export function onBoss(db: Db): Executor {
  return {
    rows: async (text, values = []) => (await db.executeSql(text, [...values])).rows,
  };
}

/** A statement with `$1` placeholders as a slonik token. Slonik's own tag would number placeholders itself. */
export function rawQuery(
  text: string,
  values: QuerySqlToken['values'],
): QuerySqlToken<z.ZodUnknown> {
  return { ...sql.type(z.unknown())``, sql: text, values };
}
