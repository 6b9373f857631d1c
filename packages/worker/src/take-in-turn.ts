import type { Db, Job } from 'pg-boss';
import { handleBatch } from './handle-batch.ts';
import { type ChunkHandler, handleChunk } from './handle-chunk.ts';
import { measureWait } from './measure-wait.ts';
import { takeCompanions } from './take-companions.ts';

/** A slot whose chunks come closer together than this has more of them waiting. */
const backlogMs = 25;
/** After several chunks in one transaction failed, or took longer than they should have, a slot computes them one by one for so long. */
const aloneForMs = 5_000;

/** What a slot does with one job after the other: each by itself or, while they follow each other, with others where all are short. Returns the job's output. */
export function takeInTurn(
  handler: ChunkHandler,
): (job: Job<unknown>, transaction: Db) => Promise<{ readonly outcome: string }> {
  let endedAt = Number.NEGATIVE_INFINITY;
  let aloneUntil = Number.NEGATIVE_INFINITY;

  const together = async (job: Job<unknown>, transaction: Db) => {
    const companions = await takeCompanions(handler, job);
    for (const taken of companions) {
      measureWait(taken.job);
    }
    if (companions.length === 0) {
      return undefined;
    }
    const end = await handleBatch(handler, job, companions, transaction);
    if (end === undefined || end.postponed > 0) {
      aloneUntil = performance.now() + aloneForMs;
    }
    return end?.main;
  };

  return async (job, transaction) => {
    const startedAt = performance.now();
    measureWait(job);
    try {
      const isPressed = startedAt - endedAt < backlogMs && startedAt > aloneUntil;
      const shared = isPressed ? await together(job, transaction) : undefined;
      // What else there is to say stands in the refresh log; pg-boss would write it down twice.
      const { outcome } = shared ?? (await handleChunk(handler, job, transaction));
      return { outcome };
    } finally {
      endedAt = performance.now();
    }
  };
}
