import {
  advanceHorizon,
  attributeNames,
  bossInTransaction,
  type ChunkReason,
  type ChunkTrace,
  type Config,
  countBuckets,
  type Delivery,
  type DueSource,
  deliverChunks,
  enqueueChunks,
  inPlanSpan,
  measurePlanned,
  onSlonik,
  openTurn,
  type PendingWork,
  pendingWork,
  startChunkTrace,
  type Turn,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool, DatabaseTransactionConnection } from 'slonik';
import { expectDuration } from '../plan/expect-duration.ts';
import { type PlanOptions, planChunks } from '../plan/plan-chunks.ts';
import { roomLeft, shareRoom } from '../plan/share-room.ts';

/** What planning needs of the running scheduler. */
export interface Planner {
  readonly pool: DatabasePool;
  readonly boss: PgBoss;
  readonly config: Pick<Config, 'chunkTimeoutMs' | 'maxInFlight'>;
  /** How far planning is to hold back: 1, the default, not at all. */
  readonly pressure?: () => number;
}

/** A chunk that is being planned. */
interface PlannedChunk {
  readonly trace: ChunkTrace;
  readonly reason: ChunkReason;
}

/** What one turn did to a source. `busy`: another scheduler was planning it. */
export type SourceOutcome =
  | { readonly outcome: 'busy' }
  | (Omit<Turn, 'isLocked'> & {
      readonly outcome: 'planned';
      readonly moved: boolean;
      readonly chunks: number;
    });

/**
 * One source's turn in a tick, in two transactions.
 *
 * The first moves the horizon. It must be committed before the second notes the writers: a writer that began in between
 * saw the new horizon and logs what it writes, one that began before holds a lock and is noted. In one transaction
 * a writer could begin after the note and still see the old horizon, and its rows would be lost.
 *
 * The second consumes the log, cuts what is pending, and inserts chunks and jobs together (promise 2).
 *
 * `turn` counts turns: with little room in flight, kinds of work and rollups take turns. `waiting`: how many sources wait
 * for theirs after this one, and want some of the room.
 */
export async function planSource(
  planner: Planner,
  source: DueSource,
  turn: number,
  waiting = 0,
): Promise<SourceOutcome> {
  return inPlanSpan({ [attributeNames.source]: source.sourceName }, async (span) => {
    const moved = await advanceHorizon(onSlonik(planner.pool), source.sourceId);
    const plannedChunks: PlannedChunk[] = [];
    const outcome = await planner.pool.transaction((transaction) => {
      plannedChunks.length = 0; // slonik runs a transaction again after a deadlock
      return planLocked(planner, transaction, source, { turn, waiting }, plannedChunks);
    });
    // Only now: a chunk whose transaction was rolled back leaves no trace.
    for (const { trace, reason } of plannedChunks) {
      trace.end();
      measurePlanned(reason);
    }
    const told = outcome.outcome === 'busy' ? outcome : { ...outcome, moved };
    span.setAttributes(describeOutcome(told));
    return told;
  });
}

/** The outcome by the names that spans and logs share. */
export function describeOutcome(outcome: SourceOutcome): Record<string, boolean | number | string> {
  return {
    [attributeNames.outcome]: outcome.outcome,
    ...(outcome.outcome === 'planned' && {
      [attributeNames.chunks]: outcome.chunks,
      [attributeNames.invalidations]: outcome.consumed,
      [attributeNames.horizonMoved]: outcome.moved,
      [attributeNames.drainsNoted]: outcome.noted,
      [attributeNames.drainsSettled]: outcome.settled,
    }),
  };
}

async function planLocked(
  planner: Planner,
  transaction: DatabaseTransactionConnection,
  { sourceId }: DueSource,
  { turn, waiting }: { readonly turn: number; readonly waiting: number },
  plannedChunks: PlannedChunk[],
): Promise<SourceOutcome> {
  const executor = onSlonik(transaction);
  // The log is consumed before anything is planned from it: what is consumed after a chunk has read the source would be lost.
  const opened = await openTurn(executor, sourceId);
  if (!opened.isLocked) {
    return { outcome: 'busy' };
  }
  const deliveries: Delivery[] = [];
  const pressure = planner.pressure?.() ?? 1;
  const works = inTurn(await pendingWork(executor, sourceId), turn);
  for (const [index, work] of works.entries()) {
    const budget = planner.config.maxInFlight;
    const inFlight = work.allInFlight + deliveries.length;
    const room = shareRoom({
      budget,
      inFlight,
      contenders: works.length - index + waiting,
      ownLimit: work.maxInFlight,
      ownInFlight: work.inFlight,
      pressure,
    });
    const maxInFlight = work.inFlight + room;
    // History comes after what is live: it may take what room is left, and takes none of the others' shares.
    const backfillRoom = roomLeft(budget, inFlight + room, pressure);
    const options = { maxInFlight, backfillRoom, pressure, turn };
    deliveries.push(...(await enqueueWork(transaction, work, options, plannedChunks)));
  }
  const db = bossInTransaction(transaction);
  await deliverChunks(planner.boss, db, deliveries, planner.config.chunkTimeoutMs);
  const { isLocked: _, ...turnOf } = opened;
  return { ...turnOf, outcome: 'planned', moved: false, chunks: deliveries.length };
}

/** The rollups of a source, each time another first: with little room, none is always last. */
function inTurn(works: readonly PendingWork[], turn: number): readonly PendingWork[] {
  const first = works.length === 0 ? 0 : turn % works.length;
  return [...works.slice(first), ...works.slice(0, first)];
}

/** Cuts one rollup's pending work and writes its chunks down; returns the jobs that are to deliver them. */
async function enqueueWork(
  transaction: DatabaseTransactionConnection,
  work: PendingWork,
  options: PlanOptions,
  plannedChunks: PlannedChunk[],
): Promise<readonly Delivery[]> {
  const { chunks, windowBuckets } = planChunks(work, options);
  if (chunks.length === 0) {
    return [];
  }
  const traced = chunks.map((chunk) => {
    const trace = startChunkTrace({
      [attributeNames.target]: work.targetName,
      [attributeNames.reason]: chunk.reason,
      [attributeNames.buckets]: countBuckets(chunk.runs),
    });
    plannedChunks.push({ trace, reason: chunk.reason });
    return { chunk: { ...chunk, trace: trace.traceparent }, trace };
  });
  const rows = traced.map(({ chunk }) => chunk);
  const enqueued = await enqueueChunks(onSlonik(transaction), work.rollupId, windowBuckets, rows);
  return enqueued.map(({ chunkId, jobId, reason }, index) => {
    const { chunk, trace } = traced[index] ?? {};
    trace?.name({ chunkId, jobId });
    const expectedMs = expectDuration(work.averages, countBuckets(chunk?.runs ?? []));
    return {
      jobId,
      payload: {
        chunkId,
        rollupId: work.rollupId,
        target: work.targetName,
        reason,
        traceparent: trace?.traceparent ?? null,
        ...(expectedMs !== undefined && { expectedMs }),
      },
      rollupPriority: work.priority + (reason === 'backfill' ? (work.backfill?.priority ?? 0) : 0),
      retry: work.retry,
      chunkTimeoutMs: work.chunkTimeoutMs,
    };
  });
}
