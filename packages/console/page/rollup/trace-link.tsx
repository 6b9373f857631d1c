import type { ConsoleInfo } from '@silver/console/api';

/** A link to the trace of a chunk, where the console was told where traces are; else the trace's id to copy. */
export function TraceLink({ info, trace }: { info: ConsoleInfo | null; trace: string | null }) {
  const traceId = trace?.split('-')[1];
  if (traceId === undefined || /^0*$/.test(traceId)) {
    return <span>–</span>;
  }
  const template = info?.trace_url ?? null;
  return template === null ? (
    <code title={traceId}>{traceId.slice(0, 8)}…</code>
  ) : (
    <a href={template.replace('{traceId}', traceId)} rel="noreferrer">
      trace
    </a>
  );
}
