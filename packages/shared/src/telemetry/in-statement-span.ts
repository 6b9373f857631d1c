import { type Attributes, context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { inSpan } from './in-span.ts';
import { instrumentationScope } from './instruments.ts';
import { tellSteps } from './step-spans.ts';
import { traceparentOf } from './traceparent.ts';

/** What the spans of statements say of the server. One program works on one database. */
let server: Attributes = {};

/** Tells the spans of statements, from now on, which database they run in. */
export function nameDatabase(databaseUrl: string): void {
  const { hostname, pathname, port } = new URL(databaseUrl);
  server = {
    'db.system.name': 'postgresql',
    'db.namespace': decodeURIComponent(pathname.slice(1)),
    'server.address': hostname,
    'server.port': Number(port || 5432),
  };
}

/**
 * Runs one statement in a span of its own, by OpenTelemetry's conventions for databases. Only within a span that is
 * recorded: what a program asks by itself, such as a look for due work every other second, belongs to no trace.
 */
export async function inStatementSpan<Row>(
  text: string,
  run: (traceparent: string | null) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  if (trace.getActiveSpan()?.isRecording() !== true) {
    return run(null);
  }
  const [, called = ''] = /^\s*select\s+(?:\*\s+from\s+)?([\w.]+)\(/.exec(text) ?? [];
  const summary = called === '' ? 'SELECT' : `SELECT ${called}`;
  const attributes = {
    ...server,
    'db.operation.name': 'SELECT',
    'db.query.summary': summary,
    'db.query.text': text,
    ...(called !== '' && { 'db.stored_procedure.name': called }),
  };
  const parent = context.active();
  const tracer = trace.getTracer(instrumentationScope);
  // One clock for the statement and for the steps within it, finer than a millisecond.
  const startTime = Date.now();
  const mark = performance.now();
  const now = () => startTime + performance.now() - mark;
  const options = { kind: SpanKind.CLIENT, attributes, startTime };
  const started = tracer.startSpan(summary, options, parent);
  const runHere = async (span: Span) => {
    const rows = await run(traceparentOf(span));
    span.setAttribute('db.response.returned_rows', rows.length);
    tellSteps(span, startTime, now(), rows);
    return rows;
  };
  return inSpan(started, parent, runHere, now);
}
