/**
 * Every attribute Silver sets on spans and measures of its own. Log lines use the same names, so that one search finds a
 * chunk in all three.
 */
export const attributeNames = {
  attempt: 'silver.chunk.attempt',
  buckets: 'silver.chunk.buckets',
  chunkId: 'silver.chunk.id',
  chunks: 'silver.plan.chunks',
  durationMs: 'silver.duration_ms',
  drainsNoted: 'silver.plan.drains_noted',
  drainsSettled: 'silver.plan.drains_settled',
  failureClass: 'silver.failure.class',
  horizonMoved: 'silver.plan.horizon_moved',
  invalidations: 'silver.plan.invalidations',
  jobId: 'messaging.message.id',
  operation: 'silver.row.operation',
  outcome: 'silver.outcome',
  program: 'silver.program',
  range: 'silver.chunk.range',
  ranges: 'silver.chunk.ranges',
  reason: 'silver.chunk.reason',
  rowsDeleted: 'silver.chunk.rows_deleted',
  rowsInserted: 'silver.chunk.rows_inserted',
  rowsRead: 'silver.chunk.rows_read',
  rowsUpdated: 'silver.chunk.rows_updated',
  signal: 'silver.pressure.signal',
  source: 'silver.source',
  sqlState: 'db.response.status_code',
  state: 'silver.chunk.state',
  target: 'silver.target',
  workerId: 'silver.worker.id',
} as const;
