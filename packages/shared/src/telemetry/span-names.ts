/** The name all of Silver's spans and measures are created under. */
export const instrumentationScope = 'silver';

/**
 * Every span Silver creates.
 * `plan` covers one source's turn in a tick. `chunk` is a trace of its own: its root is made when the chunk is planned
 * and linked to `plan`; `run` is its child in the worker, linked to pg-boss's process span.
 */
export const spanNames = {
  plan: 'silver.plan',
  chunk: 'silver.chunk',
  run: 'silver.chunk.run',
} as const;

/** Every attribute Silver sets on spans and measures. */
export const attributeNames = {
  attempt: 'silver.chunk.attempt',
  buckets: 'silver.chunk.buckets',
  chunkId: 'silver.chunk.id',
  chunks: 'silver.plan.chunks',
  failureClass: 'silver.failure.class',
  outcome: 'silver.outcome',
  reason: 'silver.chunk.reason',
  rowsDeleted: 'silver.chunk.rows_deleted',
  rowsInserted: 'silver.chunk.rows_inserted',
  rowsRead: 'silver.chunk.rows_read',
  rowsUpdated: 'silver.chunk.rows_updated',
  source: 'silver.source',
  target: 'silver.target',
} as const;
