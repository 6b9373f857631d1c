import { type Context, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { attributeNames } from './attribute-names.ts';

/** Runs something within a span, ends the span with it, by its own clock or by that given, and lets its error through after noting it. */
export async function inSpan<Result>(
  span: Span,
  parent: Context,
  run: (span: Span) => Promise<Result>,
  now?: () => number,
): Promise<Result> {
  try {
    return await context.with(trace.setSpan(parent, span), run, undefined, span);
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end(now?.());
  }
}

/** Marks a span as failed, by what. For a failure that is settled, and so not thrown any further. */
export function noteError(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const sqlState = findDatabaseError(error)?.sqlState;
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttributes({
    'error.type': sqlState ?? (error instanceof Error ? error.name : '_OTHER'),
    ...(sqlState !== undefined && { [attributeNames.sqlState]: sqlState }),
  });
}
