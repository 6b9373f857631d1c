import { findDatabaseError } from './find-database-error.ts';
import { SilverError } from './silver-error.ts';

/** A failed attempt as `silver.fail_chunk` stores it in `timeseries_error_log`. */
export interface FailureDescription {
  readonly sqlstate: string | null;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly context: string | null;
  readonly query: string | null;
  readonly trace: string | null;
}

/** Bounds what one failure may write into the error log: a query or a stack can be megabytes. */
const maxTextLength = 20_000;

/** Describes any thrown value in full, for the error log. `trace` is the traceparent of the attempt. */
export function describeFailure(
  error: unknown,
  query: string | null,
  trace: string | null,
): FailureDescription {
  const database = findDatabaseError(error);
  const thrown = error instanceof Error ? error : new Error(String(error));
  return {
    sqlstate: database?.sqlState ?? null,
    message:
      shorten(thrown instanceof SilverError ? thrown.message : (database ?? thrown).message) ?? '',
    detail: shorten(
      database?.detail ??
        (error instanceof SilverError ? JSON.stringify(error.details) : undefined),
    ),
    hint: shorten(database?.hint ?? (error instanceof SilverError ? error.remedy : undefined)),
    context: shorten(database?.context ?? thrown.stack),
    query: shorten(database?.query ?? query ?? undefined),
    trace,
  };
}

function shorten(text: string | undefined): string | null {
  if (text === undefined) {
    return null;
  }
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}
