import { attributeNames as name } from './attribute-names.ts';

/** One measure Silver emits: what it is called, what it counts, and by what it is told apart. */
export interface Measure {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** In the notation of UCUM, as OpenTelemetry asks. */
  readonly unit: string;
  readonly description: string;
  /** Every one has few values, or is bounded: targets and sources by SILVER_METRICS_NAMES. */
  readonly attributes: readonly string[];
  /** Who emits it: a part of Silver, or several. */
  readonly from: readonly ('database' | 'scheduler' | 'worker')[];
}

const state = name.state;
const connectionState = 'silver.connection.state';

/**
 * Every measure of Silver's own; pg-boss adds those of its queues. The page of the documents is made from this list, and a test
 * compares it with what a running fleet emits. Units stand in the names, for Prometheus and OpenTelemetry collectors name alike then.
 */
export const measureCatalogue = {
  // Of a worker, as it runs chunks.
  chunkDuration: {
    name: 'silver.chunk.duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'How long one attempt at a chunk took, from its announcement to its end.',
    attributes: [name.reason, name.outcome],
    from: ['worker'],
  },
  queueWait: {
    name: 'silver.chunk.queue_wait_seconds',
    kind: 'histogram',
    unit: 's',
    description:
      'How long a chunk waited for a worker after it could be fetched, by the clock of the database.',
    attributes: [name.reason],
    from: ['worker'],
  },
  chunkRows: {
    name: 'silver.chunk.rows',
    kind: 'counter',
    unit: '{row}',
    description: 'Source rows read, and target rows written, by committed chunks.',
    attributes: [name.target, name.operation],
    from: ['worker'],
  },
  chunkBuckets: {
    name: 'silver.chunk.buckets',
    kind: 'counter',
    unit: '{bucket}',
    description: 'Buckets computed by committed chunks.',
    attributes: [name.target, name.reason],
    from: ['worker'],
  },
  chunkFailures: {
    name: 'silver.chunk.failures',
    kind: 'counter',
    unit: '{attempt}',
    description:
      'Attempts that failed, by SQLSTATE and by what Silver makes of it; `none` where the error was not of PostgreSQL.',
    attributes: [name.sqlState, name.failureClass],
    from: ['worker'],
  },
  running: {
    name: 'silver.worker.running',
    kind: 'gauge',
    unit: '{chunk}',
    description: 'Chunks this worker runs now.',
    attributes: [],
    from: ['worker'],
  },
  slots: {
    name: 'silver.worker.slots',
    kind: 'gauge',
    unit: '{chunk}',
    description: 'Chunks this worker can run at once.',
    attributes: [],
    from: ['worker'],
  },

  // Of a scheduler, as it plans.
  tickDuration: {
    name: 'silver.tick.duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'How long a look for due sources took.',
    attributes: [name.outcome],
    from: ['scheduler'],
  },
  planDuration: {
    name: 'silver.plan.duration_seconds',
    kind: 'histogram',
    unit: 's',
    description: 'How long planning one source took.',
    attributes: [name.outcome],
    from: ['scheduler'],
  },
  planChunks: {
    name: 'silver.plan.chunks',
    kind: 'counter',
    unit: '{chunk}',
    description: 'Chunks planned.',
    attributes: [name.reason],
    from: ['scheduler'],
  },
  planInvalidations: {
    name: 'silver.plan.invalidations',
    kind: 'counter',
    unit: '{entry}',
    description: 'Entries of the invalidation log taken over into what is dirty.',
    attributes: [],
    from: ['scheduler'],
  },
  healed: {
    name: 'silver.chunk.healed',
    kind: 'counter',
    unit: '{chunk}',
    description: 'Chunks delivered again because their job was gone.',
    attributes: [],
    from: ['scheduler'],
  },
  buried: {
    name: 'silver.chunk.buried',
    kind: 'counter',
    unit: '{chunk}',
    description:
      'Chunks declared dead: by a scheduler when they are out of attempts, by a worker at once where another attempt cannot help.',
    attributes: [],
    from: ['scheduler', 'worker'],
  },
  backpressure: {
    name: 'silver.backpressure',
    kind: 'gauge',
    unit: '1',
    description:
      'How far planning holds back because the database is under pressure: 1 not at all, less the more.',
    attributes: [],
    from: ['scheduler'],
  },
  backpressureCauses: {
    name: 'silver.backpressure.causes',
    kind: 'counter',
    unit: '{reading}',
    description: "Readings of the database's load in which a signal held planning back, by signal.",
    attributes: [name.signal],
    from: ['scheduler'],
  },

  // Of the database, read by a scheduler with silver.gauges().
  lag: ofDatabase(
    'rollup.lag_seconds',
    's',
    'Freshness: since when the oldest work of the rollup is due and not done; 0 when nothing is.',
    [name.target],
  ),
  alertThreshold: ofDatabase(
    'rollup.alert_threshold_seconds',
    's',
    'The lag above which the rollup is late.',
    [name.target],
  ),
  pendingBuckets: ofDatabase(
    'rollup.pending_buckets',
    '{bucket}',
    'Buckets that could be computed now and are in no chunk.',
    [name.target],
  ),
  rollupChunks: ofDatabase('rollup.chunks', '{chunk}', 'Chunks in flight of the rollup.', [
    name.target,
    state,
  ]),
  retries: ofDatabase(
    'rollup.retries',
    '{attempt}',
    'Highest number of retries among the chunks in flight of the rollup.',
    [name.target],
  ),
  successRatio: ofDatabase(
    'rollup.success_ratio',
    '1',
    'Share of attempts of the last hour, at most a hundred, that succeeded.',
    [name.target],
  ),
  averageDuration: ofDatabase(
    'rollup.chunk_duration_seconds',
    's',
    'Moving average of the time a chunk of the rollup takes.',
    [name.target],
  ),
  partitionBytes: ofDatabase(
    'rollup.partition_bytes',
    'By',
    'Size of the largest partition of the target, or of the target; by the last VACUUM or ANALYZE, without indexes.',
    [name.target],
  ),
  rollups: ofDatabase('rollups', '{rollup}', 'Rollups there are, by status.', [
    'silver.rollup.status',
  ]),
  rollupsLate: ofDatabase(
    'rollups_late',
    '{rollup}',
    'Rollups whose lag is above their alert_threshold, named or not.',
    [],
  ),
  chunks: ofDatabase('chunks', '{chunk}', 'Chunks in flight of all rollups.', [state]),
  oldestWait: ofDatabase(
    'queue.oldest_wait_seconds',
    's',
    'How long the chunk has waited for a worker that has waited longest.',
    [],
  ),
  backlog: ofDatabase(
    'backlog_seconds',
    's',
    'How long one slot of a worker would take to compute all that is due now.',
    [],
  ),
  sealWait: ofDatabase(
    'source.seal_wait_seconds',
    's',
    'How long a transaction that may still write to the source has held its seal back.',
    [name.source],
  ),
  invalidations: ofDatabase(
    'source.invalidations',
    '{entry}',
    'Entries of the invalidation log that wait for a scheduler.',
    [name.source],
  ),
  partitionLimit: ofDatabase(
    'partition_limit_bytes',
    'By',
    'The size of a partition aimed at: a quarter of shared_buffers, at least 64 MB.',
    [],
  ),
  connections: ofDatabase(
    'database.connections',
    '{connection}',
    "Clients of the database by state; `hidden` where the scheduler's role may not see it.",
    [connectionState],
  ),
  connectionsLimit: ofDatabase(
    'database.connections_limit',
    '{connection}',
    'Clients the server takes at most.',
    [],
  ),
  lockWaits: ofDatabase(
    'database.lock_waits',
    '{connection}',
    'Clients of the database that wait for a lock.',
    [],
  ),
  oldestTransaction: ofDatabase(
    'database.oldest_transaction_seconds',
    's',
    'Age of the oldest transaction of the database.',
    [],
  ),
  replayLag: ofDatabase(
    'database.replay_lag_seconds',
    's',
    'How far the replica that trails most is behind; none without a replica.',
    [],
  ),
  blocks: counterOfDatabase(
    'database.blocks',
    '{block}',
    'Blocks read, by where they were found.',
    ['silver.block.source'],
  ),
  transactions: counterOfDatabase('database.transactions', '{transaction}', 'Transactions ended.', [
    name.outcome,
  ]),
  deadlocks: counterOfDatabase('database.deadlocks', '{deadlock}', 'Deadlocks.', []),
  temporaryBytes: counterOfDatabase(
    'database.temporary_bytes',
    'By',
    'Bytes written to temporary files: sorts and hashes beyond work_mem.',
    [],
  ),

  // Of the fleet, read by a scheduler from pg-boss's registry.
  programs: {
    name: 'silver.programs',
    kind: 'gauge',
    unit: '{process}',
    description: 'Schedulers and workers that showed a sign of life within their last three.',
    attributes: [name.program],
    from: ['database'],
  },
} as const satisfies Readonly<Record<string, Measure>>;

function ofDatabase<const Name extends string>(
  gauge: Name,
  unit: string,
  description: string,
  attributes: readonly string[],
) {
  return {
    name: `silver.${gauge}`,
    kind: 'gauge',
    unit,
    description,
    attributes,
    from: ['database'],
  } as const;
}

function counterOfDatabase<const Name extends string>(
  gauge: Name,
  unit: string,
  description: string,
  attributes: readonly string[],
) {
  return { ...ofDatabase(gauge, unit, description, attributes), kind: 'counter' } as const;
}
