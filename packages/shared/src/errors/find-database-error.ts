/** What PostgreSQL said about a failed statement. */
export interface DatabaseFailure {
  readonly sqlState: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly context: string | undefined;
  readonly query: string | undefined;
}

/**
 * Finds PostgreSQL's own error in a chain of causes: slonik and umzug wrap what the driver threw.
 * A server error is told from a Node error that also has a five-letter code (`EPIPE`) by its severity.
 */
export function findDatabaseError(error: unknown): DatabaseFailure | undefined {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 10;
    current = current.cause, depth += 1
  ) {
    if ('severity' in current && 'code' in current && typeof current.code === 'string') {
      return {
        sqlState: current.code,
        message: current.message,
        detail: textOf(current, 'detail'),
        hint: textOf(current, 'hint'),
        context: textOf(current, 'where'),
        query: textOf(current, 'internalQuery'),
      };
    }
  }
  return undefined;
}

function textOf(error: object, field: string): string | undefined {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : undefined;
}
