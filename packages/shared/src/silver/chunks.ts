import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import { type Attempt, type RunResult, runResult, startOutcome } from './chunk.ts';
import { int8, parsedRows } from './rows.ts';

// Several chunks in one transaction. Contracts and locks head silver.start_chunks and silver.run_chunks.

const announced = z.object({
  chunk_id: int8,
  outcome: z.enum([...startOutcome.options, 'postponed']),
});

/** What announcing one chunk of several did. `postponed`: nothing, for its rollup tries its chunks one by one. */
export type SharedStart = z.output<typeof announced>['outcome'];

/** Announces attempts of one worker, in one tiny transaction. By chunk. */
export async function startChunks(
  executor: Executor,
  attempts: readonly Attempt[],
): Promise<ReadonlyMap<string, SharedStart>> {
  const text = 'select * from silver.start_chunks($1::bigint[], $2, $3::integer[])';
  const rows = await parsedRows(executor, announced, text, valuesOf(attempts));
  return new Map(rows.map(({ chunk_id, outcome }) => [chunk_id, outcome]));
}

/** What running one chunk of several did. `postponed`: nothing, for the time of all was over. */
export type SharedRun = RunResult | 'postponed';

const ran = z
  .looseObject({ chunk_id: int8, outcome: z.string() })
  .transform((row): readonly [string, SharedRun] => [
    row.chunk_id,
    row.outcome === 'postponed' ? row.outcome : runResult.parse(row),
  ]);

const runChunksText =
  'select * from silver.run_chunks($1::bigint[], $2, $3::integer[], $4::double precision)';

/**
 * Computes chunks and finishes them, in the transaction that also completes their jobs: all of them or, where one fails, none. What was not
 * begun within `budgetMs` is the caller's to give back in this transaction. By chunk.
 */
export async function runChunks(
  executor: Executor,
  attempts: readonly Attempt[],
  budgetMs: number,
): Promise<ReadonlyMap<string, SharedRun>> {
  if (attempts.length === 0) {
    return new Map();
  }
  return new Map(await parsedRows(executor, ran, runChunksText, [...valuesOf(attempts), budgetMs]));
}

function valuesOf(attempts: readonly Attempt[]) {
  return [
    `{${attempts.map(({ chunkId }) => chunkId).join(',')}}`,
    attempts[0]?.workerId ?? '',
    `{${attempts.map(({ attempt }) => attempt).join(',')}}`,
  ] as const;
}
