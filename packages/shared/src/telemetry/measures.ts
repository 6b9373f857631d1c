import type { Pressure } from '../window/decide-pressure.ts';
import { attributeNames } from './attribute-names.ts';
import { boundNames } from './bound-names.ts';
import { counter, gauge, histogram } from './instruments.ts';

/** One attempt at a chunk, as it is measured. Rows and buckets count when it committed. */
export interface MeasuredAttempt {
  readonly target: string;
  readonly reason: string;
  readonly outcome: string;
  readonly durationMs: number;
  readonly buckets?: number;
  readonly rowsRead?: number;
  readonly rowsInserted?: number;
  readonly rowsUpdated?: number;
  readonly rowsDeleted?: number;
}

/** Targets a worker tells apart: it meets those it computes, and has no list of them. */
const mostTargets = 200;
const boundTarget = boundNames(mostTargets);

export function measureChunk(attempt: MeasuredAttempt): void {
  const { durationMs, outcome, reason } = attempt;
  histogram('chunkDuration').record(durationMs / 1000, {
    [attributeNames.reason]: reason,
    [attributeNames.outcome]: outcome,
  });
  const target = { [attributeNames.target]: boundTarget(attempt.target) };
  const rows = {
    read: attempt.rowsRead,
    inserted: attempt.rowsInserted,
    updated: attempt.rowsUpdated,
    deleted: attempt.rowsDeleted,
  };
  for (const [operation, count] of Object.entries(rows)) {
    if (count !== undefined && count > 0) {
      counter('chunkRows').add(count, { ...target, [attributeNames.operation]: operation });
    }
  }
  if (attempt.buckets !== undefined && attempt.buckets > 0) {
    counter('chunkBuckets').add(attempt.buckets, { ...target, [attributeNames.reason]: reason });
  }
}

/** How long a chunk waited between the instant it could be fetched and its fetch. */
export function measureQueueWait(waitMs: number, reason: string): void {
  histogram('queueWait').record(Math.max(0, waitMs) / 1000, { [attributeNames.reason]: reason });
}

export function measureFailure(sqlState: string | undefined, failureClass: string): void {
  counter('chunkFailures').add(1, {
    [attributeNames.sqlState]: sqlState ?? 'none',
    [attributeNames.failureClass]: failureClass,
  });
}

/** How many of a worker's slots are taken. */
export function measureSlots(running: number, slots: number): void {
  gauge('running').record(running);
  gauge('slots').record(slots);
}

/** Measures one look for due sources. */
export function measureTick(durationMs: number, outcome: 'looked' | 'failed'): void {
  histogram('tickDuration').record(durationMs / 1000, { [attributeNames.outcome]: outcome });
}

/** Measures one source's turn in a tick. */
export function measurePlan(durationMs: number, outcome: string, invalidations: number): void {
  histogram('planDuration').record(durationMs / 1000, { [attributeNames.outcome]: outcome });
  counter('planInvalidations').add(invalidations);
}

export function measurePlanned(reason: string): void {
  counter('planChunks').add(1, { [attributeNames.reason]: reason });
}

export function measureHealed(chunks: number): void {
  counter('healed').add(chunks);
}

export function measureBuried(): void {
  counter('buried').add(1);
}

/** How far planning holds back, and each signal that makes it. */
export function measureBackpressure({ causes, factor }: Pressure): void {
  gauge('backpressure').record(factor);
  for (const cause of causes) {
    counter('backpressureCauses').add(1, { [attributeNames.signal]: cause });
  }
}
