import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import type { DatabaseLoad } from '../window/decide-pressure.ts';
import { parsedRows, parsedValue } from './rows.ts';

// What schedulers do beside planning. Contracts and locks head the files in sql/functions/operate.

const loadRow = z
  .object({
    active_backends: z.int().nullable(),
    lock_waits: z.int().nullable(),
    replica_lag_s: z.number().nullable(),
    oldest_xmin_s: z.number().nullable(),
  })
  .transform(
    (row): DatabaseLoad => ({
      activeBackends: row.active_backends,
      lockWaits: row.lock_waits,
      replicaLagS: row.replica_lag_s,
      oldestXminS: row.oldest_xmin_s,
    }),
  );

/** How busy the database is. */
export async function readLoad(executor: Executor): Promise<DatabaseLoad> {
  const text = 'select * from silver.database_load()';
  const [row] = await parsedRows(executor, z.looseObject({}).pipe(loadRow), text);
  return row ?? { activeBackends: null, lockWaits: null, replicaLagS: null, oldestXminS: null };
}

/** Keeps a sample of the load, and how far planning is held back for it, for whoever looks later. */
export async function noteLoad(
  executor: Executor,
  load: DatabaseLoad,
  factor: number,
): Promise<void> {
  const { activeBackends, lockWaits, oldestXminS, replicaLagS } = load;
  const text = 'select silver.note_load($1, $2, $3::float8, $4::float8, $5::float8)';
  await executor.rows(text, [activeBackends, lockWaits, replicaLagS, oldestXminS, factor]);
}

/** What a process tells of itself. */
export interface ProcessNote {
  /** The application_name of its connections. */
  readonly name: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  /** Chunks it can run at once, and runs; null for a scheduler. */
  readonly slots: number | null;
  readonly running: number | null;
  /** Cores it kept busy since the last note; null in the first. */
  readonly cpuCores: number | null;
  readonly memoryBytes: number;
}

/** Keeps what a process tells of itself. */
export async function noteProcess(executor: Executor, note: ProcessNote): Promise<void> {
  const { cpuCores, host, memoryBytes, name, pid, running, slots, version } = note;
  const text = 'select silver.note_process($1, $2, $3, $4, $5, $6, $7::float8, $8::bigint)';
  await executor.rows(text, [name, version, host, pid, slots, running, cpuCores, memoryBytes]);
}

/** Whether this caller is the one to do the chore now. */
export async function takeChore(
  executor: Executor,
  chore: string,
  everyMs: number,
): Promise<boolean> {
  const text = `select silver.take_chore($1, $2::float8 * interval '1 ms') as value`;
  return parsedValue(executor, z.boolean(), text, [chore, everyMs]);
}

/** A target whose maintenance is due, taken by this caller; null: none is left. */
export async function takeMaintenance(executor: Executor, everyMs: number): Promise<string | null> {
  const text = `select silver.take_maintenance($1::float8 * interval '1 ms') as value`;
  return parsedValue(executor, z.string().nullable(), text, [everyMs]);
}

/** Maintains one target: partitions, retention, statistics, logs. Commits by itself, so no transaction may be open. */
export async function runMaintenance(
  executor: Executor,
  target: string,
  keepLogsDays: number,
): Promise<void> {
  const text = `call silver.run_maintenance($1, $2::integer * interval '1 day')`;
  await executor.rows(text, [target, keepLogsDays]);
}

const finding = z
  .object({
    severity: z.enum(['error', 'warning', 'info']),
    target_table: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    remedy: z.string().nullable(),
  })
  .transform(({ target_table, ...row }) => ({ ...row, target: target_table }));
/** Something that is wrong, or will be, with a rollup. */
export type Finding = z.output<typeof finding>;

/** Looks for what is wrong with every rollup, worst first. */
export async function validateRollups(executor: Executor): Promise<readonly Finding[]> {
  return parsedRows(executor, finding, 'select * from silver.validate_rollup_config()');
}
