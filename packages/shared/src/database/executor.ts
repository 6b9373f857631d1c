import type { Db } from 'pg-boss';
import { type CommonQueryMethods, type QuerySqlToken, sql } from 'slonik';
import { z } from 'zod';
import { inStatementSpan } from '../telemetry/in-statement-span.ts';
import { type SqlLabels, sqlComment } from './sql-comment.ts';

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
    rows: (text, values = []) =>
      inStatementSpan(text, async (traceparent) => {
        const query = rawQuery(text + sqlComment({ traceparent }), values);
        return (await connection.query(query)).rows;
      }),
  };
}

/**
 * Runs typed calls in the transaction that pg-boss hands to a transactional handler. `labels` stand in a comment behind
 * each statement, with the trace it belongs to.
 */
export function onBoss(db: Db, labels: SqlLabels = {}): Executor {
  return {
    rows: (text, values = []) =>
      inStatementSpan(text, async (traceparent) => {
        const commented = text + sqlComment({ ...labels, traceparent });
        return (await db.executeSql(commented, [...values])).rows as readonly unknown[];
      }),
  };
}

/** A statement with `$1` placeholders as a slonik token. Slonik's own tag would number placeholders itself. */
export function rawQuery(
  text: string,
  values: QuerySqlToken['values'],
): QuerySqlToken<z.ZodUnknown> {
  return { ...sql.type(z.unknown())``, sql: text, values };
}
