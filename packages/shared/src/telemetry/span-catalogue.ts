import { attributeNames as name } from './attribute-names.ts';

/** One kind of span Silver creates. */
export interface SpanKindEntry {
  /** Its name, or how its name begins. */
  readonly name: string;
  readonly kind: 'client' | 'internal' | 'producer';
  readonly description: string;
  readonly parent: string;
  readonly links: string;
  readonly attributes: readonly string[];
}

const messaging = [
  'messaging.system',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  name.jobId,
];

/**
 * Every span Silver creates. pg-boss's own continue the same traces: its span `process silver-chunk` stands between the
 * sending of a chunk and its run.
 */
export const spanCatalogue = {
  plan: {
    name: 'silver.plan',
    kind: 'internal',
    description: "One source's turn in a tick: horizon, log, cutting, enqueueing.",
    parent: 'none: a trace of its own',
    links: 'none',
    attributes: [
      name.source,
      name.outcome,
      name.chunks,
      name.invalidations,
      name.horizonMoved,
      name.drainsNoted,
      name.drainsSettled,
    ],
  },
  chunk: {
    name: 'silver.chunk',
    kind: 'internal',
    description: 'A chunk being planned, from the cut to the commit.',
    parent: 'none: the root of the trace of this chunk',
    links: 'the tick that planned it',
    attributes: [name.chunkId, name.target, name.reason, name.buckets],
  },
  send: {
    name: 'send silver-chunk',
    kind: 'producer',
    description: 'The job of the chunk being inserted.',
    parent: 'silver.chunk',
    links: 'none',
    attributes: [...messaging, name.chunkId],
  },
  run: {
    name: 'silver.chunk.run',
    kind: 'internal',
    description: 'One attempt at the chunk in a worker: announce, compute, or give back.',
    parent: "process silver-chunk, pg-boss's span of the job, whose parent is send silver-chunk",
    links: 'the attempts before it',
    attributes: [
      name.chunkId,
      name.attempt,
      name.target,
      name.reason,
      name.workerId,
      name.outcome,
      name.range,
      name.ranges,
      name.buckets,
      name.rowsRead,
      name.rowsInserted,
      name.rowsUpdated,
      name.rowsDeleted,
      name.failureClass,
    ],
  },
  statement: {
    name: 'SELECT ',
    kind: 'client',
    description:
      'One statement in the database, named after the function it calls: `SELECT silver.run_chunk`.',
    parent: 'silver.plan or silver.chunk.run',
    links: 'none',
    attributes: [
      'db.system.name',
      'db.namespace',
      'db.operation.name',
      'db.stored_procedure.name',
      'db.query.summary',
      'db.query.text',
      'db.response.returned_rows',
      'server.address',
      'server.port',
      name.sqlState,
      'error.type',
    ],
  },
  step: {
    name: 'step ',
    kind: 'internal',
    description:
      'One step within the statement, by the clock of the database: `step lock`, `step refresh_groups`, `step refresh_range` for each range, `step record`.',
    parent: 'SELECT silver.run_chunk',
    links: 'none',
    attributes: [
      name.stepRange,
      name.stepRanges,
      name.stepGroups,
      name.stepRowsRead,
      name.stepRowsInserted,
      name.stepRowsUpdated,
      name.stepRowsDeleted,
    ],
  },
} as const satisfies Readonly<Record<string, SpanKindEntry>>;
