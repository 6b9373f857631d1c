import { context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { z } from 'zod';
import { attributeNames } from './attribute-names.ts';
import { instrumentationScope } from './instruments.ts';
import { spanCatalogue } from './span-catalogue.ts';

/** What silver.note_step notes. */
const step = z.object({
  step: z.string(),
  until_ms: z.number(),
  range: z.string().optional(),
  ranges: z.number(),
  groups: z.number().optional(),
  rows_read: z.number().optional(),
  rows_inserted: z.number().optional(),
  rows_updated: z.number().optional(),
  rows_deleted: z.number().optional(),
});
/** Most statements have no steps; silver.run_chunk has them in its one row. */
const rowsWithSteps = z.tuple([z.looseObject({ steps: z.array(step).min(1) })]);

/**
 * Makes a span of each step that a statement tells of in its answer, one after the other, below that of the statement.
 * The database says when each had ended since it began; that it began is known here a way through the network too early,
 * and so no step ends after its statement, however the clocks go.
 */
export function tellSteps(
  statement: Span,
  startedAtMs: number,
  endedAtMs: number,
  rows: readonly unknown[],
): void {
  const [answer] = rowsWithSteps.safeParse(rows).data ?? [];
  const parent = trace.setSpan(context.active(), statement);
  const tracer = trace.getTracer(instrumentationScope);
  let startTime = startedAtMs;
  for (const { step: name, until_ms: untilMs, ...told } of answer?.steps ?? []) {
    const attributes = {
      ...(told.range !== undefined && { [attributeNames.stepRange]: told.range }),
      ...(told.ranges > 0 && { [attributeNames.stepRanges]: told.ranges }),
      ...(told.groups !== undefined && { [attributeNames.stepGroups]: told.groups }),
      ...(told.rows_read !== undefined && {
        [attributeNames.stepRowsRead]: told.rows_read,
        [attributeNames.stepRowsInserted]: told.rows_inserted,
        [attributeNames.stepRowsUpdated]: told.rows_updated,
        [attributeNames.stepRowsDeleted]: told.rows_deleted,
      }),
    };
    const options = { kind: SpanKind.INTERNAL, attributes, startTime };
    const span = tracer.startSpan(spanCatalogue.step.name + name, options, parent);
    startTime = Math.min(Math.max(startedAtMs + untilMs, startTime), endedAtMs);
    span.end(startTime);
  }
}
