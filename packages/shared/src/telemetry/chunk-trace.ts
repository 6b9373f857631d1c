import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { instrumentationScope } from './instruments.ts';
import { spanCatalogue } from './span-catalogue.ts';

const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Begins the trace of one chunk: a root of its own, linked to the span that planned it. A tick plans many chunks, and
 * one trace with hundreds of children tells nobody how one chunk went.
 */
export function startChunkSpan(attributes: Attributes): Span {
  return tracer().startSpan(
    spanCatalogue.chunk.name,
    { kind: SpanKind.PRODUCER, attributes, links: activeLinks() },
    ROOT_CONTEXT,
  );
}

/** The span as the `traceparent` a job's payload carries; null when tracing is off. */
export function traceparentOf(span: Span): string | null {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!trace.isSpanContextValid(span.spanContext())) {
    return null;
  }
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/**
 * Runs one attempt of a chunk in a span that continues the trace it was planned in and links to the span of the job
 * that delivered it. An attempt whose payload carries no trace gets a trace of its own.
 */
export async function inRunSpan<Result>(
  traceparent: string | null,
  attributes: Attributes,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const planned = parseTraceparent(traceparent);
  const parent = planned === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, planned);
  const span = tracer().startSpan(
    spanCatalogue.run.name,
    { kind: SpanKind.CONSUMER, attributes, links: activeLinks() },
    parent,
  );
  return inSpan(span, trace.setSpan(parent, span), run);
}

/** Runs one source's turn of a tick in a span of its own. */
export async function inPlanSpan<Result>(
  attributes: Attributes,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const span = tracer().startSpan(
    spanCatalogue.plan.name,
    { kind: SpanKind.INTERNAL, attributes },
    ROOT_CONTEXT,
  );
  return inSpan(span, trace.setSpan(ROOT_CONTEXT, span), run);
}

async function inSpan<Result>(
  span: Span,
  spanContext: ReturnType<typeof context.active>,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  try {
    return await context.with(spanContext, run, undefined, span);
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : String(error),
    });
    throw error;
  } finally {
    span.end();
  }
}

function parseTraceparent(traceparent: string | null): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparentPattern.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) {
    return undefined;
  }
  const parsed: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  return trace.isSpanContextValid(parsed) ? parsed : undefined;
}

function activeLinks(): Link[] {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && trace.isSpanContextValid(active) ? [{ context: active }] : [];
}

function tracer() {
  return trace.getTracer(instrumentationScope);
}
