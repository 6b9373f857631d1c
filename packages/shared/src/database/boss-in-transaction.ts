import type { Db } from 'pg-boss';
import type { DatabaseTransactionConnection, QuerySqlToken } from 'slonik';
import { rawQuery } from './executor.ts';

/**
 * Lets pg-boss write inside a slonik transaction: pass it as the `db` option of a pg-boss call. The jobs then commit
 * with the chunks they deliver, or not at all (promise 4; `test/integration/database` holds the rollback test).
 */
export function bossInTransaction(transaction: DatabaseTransactionConnection): Db {
  return {
    executeSql: async (text, values = []) => {
      const { rows } = await transaction.query(rawQuery(text, values as QuerySqlToken['values']));
      return { rows: [...rows] };
    },
  };
}
