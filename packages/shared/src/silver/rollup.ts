import { z } from 'zod';
import type { Executor, SqlValue } from '../database/executor.ts';
import { SilverError } from '../errors/silver-error.ts';
import { routineCall } from './call-routine.ts';
import { count, parsedRows, parsedValue } from './rows.ts';

/**
 * What a new rollup may be told, by the names of `silver.create_rollup_table`. Everything left out takes the default
 * that function documents. Intervals and instants are texts PostgreSQL understands.
 */
export interface RollupDeclaration {
  readonly source: string;
  readonly targetSchema: string;
  readonly targetTable: string;
  readonly every: string;
  readonly lookBackWindow?: string | undefined;
  readonly retentionPeriod?: string | undefined;
  readonly startFrom?: string | undefined;
  readonly timeColumn?: string | undefined;
  readonly dimensions?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly firstLast?: readonly string[] | undefined;
  readonly sourceTimeZone?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly origin?: string | undefined;
  readonly mode?: string | undefined;
  readonly safetyBuffer?: string | undefined;
  readonly freezeAfter?: string | undefined;
  readonly priority?: number | undefined;
  readonly maxInFlight?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly targetChunkDuration?: string | undefined;
  readonly partitionInterval?: string | undefined;
  readonly onPartitionDrop?: string | undefined;
}

/** Argument and type of each field; text is cast by the server, so it alone decides what an interval is. */
const argumentByField: Readonly<
  Record<keyof RollupDeclaration, readonly [name: string, type: string]>
> = {
  source: ['source_table_name', 'text'],
  targetSchema: ['target_schema', 'text'],
  targetTable: ['target_table_name', 'text'],
  every: ['rollup_table_interval', 'interval'],
  lookBackWindow: ['look_back_window', 'interval'],
  retentionPeriod: ['retention_period', 'interval'],
  startFrom: ['start_from', 'timestamptz'],
  timeColumn: ['time_column', 'text'],
  dimensions: ['dimensions', 'text[]'],
  exclude: ['exclude', 'text[]'],
  firstLast: ['first_last', 'text[]'],
  sourceTimeZone: ['time_zone', 'text'],
  timeZone: ['bucket_time_zone', 'text'],
  origin: ['bucket_origin', 'timestamptz'],
  mode: ['mode', 'text'],
  safetyBuffer: ['safety_buffer', 'interval'],
  freezeAfter: ['freeze_after', 'interval'],
  priority: ['priority', 'integer'],
  maxInFlight: ['max_in_flight', 'integer'],
  maxRetries: ['max_retries', 'integer'],
  targetChunkDuration: ['target_chunk_duration', 'interval'],
  partitionInterval: ['partition_interval', 'interval'],
  onPartitionDrop: ['on_partition_drop', 'text'],
};

/** Declares a rollup and creates its target. Returns the target's name. */
export async function createRollup(
  executor: Executor,
  declaration: RollupDeclaration,
): Promise<string> {
  const given = Object.fromEntries(
    Object.entries(argumentByField).map(([field, [name, type]]) => {
      const value = declaration[field as keyof RollupDeclaration];
      return [name, [type, value === undefined ? undefined : toSqlValue(value)] as const];
    }),
  );
  const { text, values } = routineCall('create_rollup_table', given);
  return parsedValue(executor, z.string(), `select ${text}::text as value`, values);
}

function toSqlValue(value: string | number | readonly string[]): SqlValue {
  if (typeof value === 'string' || typeof value === 'number') {
    return value;
  }
  if (value.some((element) => element.includes('\0'))) {
    throw new SilverError('ARGUMENT_INVALID', 'A column name cannot contain the character NUL.');
  }
  return `{${value.map((element) => `"${element.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

const rollupSummary = z.object({
  rollup_id: z.int(),
  source_table: z.string(),
  target_table: z.string(),
  rollup_table_interval: z.string(),
  mode: z.string(),
  start_from: z.string(),
  status: z.string(),
});
/** One rollup as `silver rollup list` shows it. */
export type RollupSummary = z.output<typeof rollupSummary>;

/** All rollups, in the order they were created. */
export async function listRollups(executor: Executor): Promise<readonly RollupSummary[]> {
  return parsedRows(
    executor,
    rollupSummary,
    'select * from silver.timeseries_rollup_config order by rollup_id',
  );
}

const monitorRow = z
  .object({
    rollup_id: z.int(),
    source_table: z.string(),
    target_table: z.string(),
    status: z.string(),
    last_processed_time: z.string().nullable(),
    lag_seconds: z.coerce.number().nullable(),
  })
  .loose();
/** One line of `silver.timeseries_operations_monitor`; the view may have more columns than are named here. */
export type MonitorRow = z.output<typeof monitorRow>;

/** How fresh each rollup is, and why not. */
export async function monitor(executor: Executor): Promise<readonly MonitorRow[]> {
  return parsedRows(
    executor,
    monitorRow,
    'select * from silver.timeseries_operations_monitor order by rollup_id',
  );
}

const errorPattern = z.object({
  rollup_id: z.int(),
  sql_state: z.string(),
  failures: count,
  chunks: count,
  last_at: z.string(),
  last_message: z.string(),
});
/** Attempts of a rollup that failed with one SQLSTATE. */
export type ErrorPattern = z.output<typeof errorPattern>;

/** What went wrong in the last hour, the most frequent of each rollup first. */
export async function errorPatterns(executor: Executor): Promise<readonly ErrorPattern[]> {
  return parsedRows(executor, errorPattern, 'select * from silver.error_patterns()');
}

/** The number of the rollup whose target this is. Errors: 42P01 no such table, 22023 not a target. */
export async function rollupIdOf(executor: Executor, target: string): Promise<number> {
  const text = "select (silver.resolve_rollup('target', $1)).rollup_id as value";
  return parsedValue(executor, z.int(), text, [target]);
}
