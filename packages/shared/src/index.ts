export { describeSettings, type SettingDescription } from './config/describe-settings.ts';
export { type Config, type ConfigOverrides, loadConfig } from './config/load-config.ts';
export { bossInTransaction } from './database/boss-in-transaction.ts';
export { checkSchema } from './database/check-schema.ts';
export { type Executor, onBoss, onSlonik, type SqlValue } from './database/executor.ts';
export { type Listener, type ListenOptions, listen } from './database/listen.ts';
export { type MigrateOptions, type MigrateResult, migrate } from './database/migrate.ts';
export { openPool, type PoolOptions } from './database/open-pool.ts';
export { isThroughPooler, serviceSettings, sessionUri } from './database/session-uri.ts';
export {
  classifyFailure,
  type FailureClass,
  isConnectionLoss,
  type Remedy,
  remedyFor,
} from './errors/classify-failure.ts';
export { describeFailure, type FailureDescription } from './errors/describe-failure.ts';
export { type DatabaseFailure, findDatabaseError } from './errors/find-database-error.ts';
export { SilverError, type SilverErrorCode } from './errors/silver-error.ts';
export { type ChunkJob, type ChunkReason, chunkJob } from './job/chunk-job.ts';
export {
  type Delivery,
  deliverChunks,
  expiryMarginSeconds,
  leastLivePriority,
  type RetryRules,
} from './job/chunk-jobs.ts';
export { type BossOptions, installQueues, openBoss } from './job/open-boss.ts';
export { chunkQueue, deadChunkQueue, queueSchema } from './job/queues.ts';
export { aloneGroup, batchBudgetMs, isShort } from './job/short-chunk.ts';
export { announceProcess } from './service/announce-process.ts';
export { checkDatabase, type Health, type Problem } from './service/health.ts';
export { type Chore, keepDoing } from './service/keep-doing.ts';
export { pause } from './service/pause.ts';
export { type RunServiceOptions, runService, type Service } from './service/run-service.ts';
export { type StatusServer, serveStatus } from './service/serve-status.ts';
export {
  type BackfillProgress,
  type BackfillRange,
  cancelBackfill,
  listBackfills,
  planBackfill,
  readBackfill,
  startBackfill,
} from './silver/backfill.ts';
export { callRoutine, readRelation } from './silver/call-routine.ts';
export {
  type Attempt,
  abandonChunk,
  abandonedChunks,
  buryChunk,
  describeChunk,
  type FailOutcome,
  failChunk,
  giveBackChunk,
  halveChunk,
  lostChunks,
  type Redelivery,
  type RunResult,
  readDeliveries,
  releaseChunk,
  requeueChunk,
  runChunk,
  runChunkText,
  type StartOutcome,
  startChunk,
} from './silver/chunk.ts';
export { runChunks, type SharedRun, type SharedStart, startChunks } from './silver/chunks.ts';
export {
  type Finding,
  noteLoad,
  readLoad,
  runMaintenance,
  takeChore,
  takeMaintenance,
  validateRollups,
} from './silver/fleet.ts';
export { type GaugeRow, readGauges } from './silver/gauges.ts';
export {
  advanceHorizon,
  type ChunkToEnqueue,
  type DueSource,
  dueSources,
  type EnqueuedChunk,
  enqueueChunks,
  type LookedAt,
  type LookRequest,
  lookForWork,
  openTurn,
  type PendingWork,
  pendingWork,
  type Turn,
} from './silver/plan.ts';
export {
  createRollup,
  type ErrorPattern,
  errorPatterns,
  listRollups,
  type MonitorRow,
  monitor,
  type RollupDeclaration,
  type RollupSummary,
  rollupIdOf,
} from './silver/rollup.ts';
export { parsedRows, parsedValue } from './silver/rows.ts';
export { type Difference, verifyRollup } from './silver/verify.ts';
export { attributeNames } from './telemetry/attribute-names.ts';
export {
  type ChunkTrace,
  inPlanSpan,
  inRunSpan,
  linkAttempts,
  startChunkTrace,
} from './telemetry/chunk-trace.ts';
export { noteError } from './telemetry/in-span.ts';
export { isMeasuring } from './telemetry/instruments.ts';
export { createLogger, type Logger } from './telemetry/logger.ts';
export { type Measure, measureCatalogue } from './telemetry/measure-catalogue.ts';
export {
  measureBackpressure,
  measureBuried,
  measureChunk,
  measureFailure,
  measureHealed,
  measurePlan,
  measurePlanned,
  measureQueueWait,
  measureSlots,
  measureTick,
} from './telemetry/measures.ts';
export { observeGauges } from './telemetry/observe-gauges.ts';
export { type SpanKindEntry, spanCatalogue } from './telemetry/span-catalogue.ts';
export { startTelemetry, type Telemetry } from './telemetry/start-telemetry.ts';
export { traceparentOf } from './telemetry/traceparent.ts';
export {
  type BucketRun,
  clipBucketRuns,
  countBuckets,
  formatBucketRuns,
} from './window/bucket-runs.ts';
export {
  atEase,
  type DatabaseLoad,
  decidePressure,
  limitsFor,
  type Pressure,
} from './window/decide-pressure.ts';
export {
  type ChunkAverages,
  defaultWindowLimits,
  sizeWindow,
  type WindowInput,
  type WindowLimits,
} from './window/size-window.ts';
