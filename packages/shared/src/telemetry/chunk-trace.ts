import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { chunkQueue } from '../job/queues.ts';
import { attributeNames } from './attribute-names.ts';
import { inSpan } from './in-span.ts';
import { instrumentationScope } from './instruments.ts';
import { spanCatalogue } from './span-catalogue.ts';
import { parseTraceparent, traceparentOf } from './traceparent.ts';

/** The trace of a chunk that is being planned. */
export interface ChunkTrace {
  /** What its row and its job carry: the span of the sending, which the attempts are children of. Null while tracing is off. */
  readonly traceparent: string | null;
  /** Tells the ids it was given. */
  name(ids: { readonly chunkId: string; readonly jobId: string }): void;
  /** Its transaction has been committed. A trace that is never ended is never exported, as its chunk was never planned. */
  end(): void;
}

/**
 * Begins the trace of one chunk: a root of its own, linked to the span that planned it. A tick plans many chunks, and
 * one trace with hundreds of children tells nobody how one chunk went.
 */
export function startChunkTrace(attributes: Attributes): ChunkTrace {
  const chunk = tracer().startSpan(
    spanCatalogue.chunk.name,
    { kind: SpanKind.INTERNAL, attributes, links: activeLinks() },
    ROOT_CONTEXT,
  );
  const send = tracer().startSpan(
    spanCatalogue.send.name,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'pg-boss',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.destination.name': chunkQueue,
      },
    },
    trace.setSpan(ROOT_CONTEXT, chunk),
  );
  return {
    traceparent: traceparentOf(send),
    name: ({ chunkId, jobId }) => {
      chunk.setAttribute(attributeNames.chunkId, chunkId);
      send.setAttributes({ [attributeNames.chunkId]: chunkId, [attributeNames.jobId]: jobId });
    },
    end: () => {
      send.end();
      chunk.end();
    },
  };
}

/**
 * Runs one attempt of a chunk in a span below that of the job that delivered it, which pg-boss makes a child of the sending.
 * A job that carries no trace, because somebody else sent it, has one of its own.
 */
export async function inRunSpan<Result>(
  traceparent: string | null,
  attributes: Attributes,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const planned = parseTraceparent(traceparent);
  const parent =
    trace.getActiveSpan() !== undefined || planned === undefined
      ? context.active()
      : trace.setSpanContext(ROOT_CONTEXT, planned);
  const options = { kind: SpanKind.INTERNAL, attributes };
  return inSpan(tracer().startSpan(spanCatalogue.run.name, options, parent), parent, run);
}

/** Links the span of an attempt to those of the attempts before it. */
export function linkAttempts(span: Span, traceparents: readonly string[]): void {
  const contexts = traceparents.map(parseTraceparent).filter((found) => found !== undefined);
  span.addLinks(contexts.map((found) => ({ context: found })));
}

/** Runs one source's turn of a tick in a span of its own. */
export async function inPlanSpan<Result>(
  attributes: Attributes,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const options = { kind: SpanKind.INTERNAL, attributes };
  const span = tracer().startSpan(spanCatalogue.plan.name, options, ROOT_CONTEXT);
  return inSpan(span, ROOT_CONTEXT, run);
}

function activeLinks(): Link[] {
  const active = trace.getActiveSpan()?.spanContext();
  return active !== undefined && trace.isSpanContextValid(active) ? [{ context: active }] : [];
}

function tracer() {
  return trace.getTracer(instrumentationScope);
}
