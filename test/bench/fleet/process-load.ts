import { readFileSync } from 'node:fs';
import type { SupervisedProcess } from '@silver/demo';
import type { DatabaseCopy } from '../server/database-copies.ts';

/** What processes used up to an instant; the difference of two is a load. */
export interface Used {
  /** Processor time by process id, in seconds. */
  readonly cpuSeconds: ReadonlyMap<number, number>;
  readonly transactions: number;
}

/**
 * Processor time of a fleet and of every backend of the database, this connection's too, and the database's transactions. On a machine
 * that others use as well it says more than the clock.
 */
export async function usedBy(
  { client }: Pick<DatabaseCopy, 'client'>,
  members: readonly SupervisedProcess[] = [],
): Promise<Used> {
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ pid: number; transactions: number }>(
    `select a.pid, (select xact_commit + xact_rollback from pg_stat_database where datname = current_database())::float8 as transactions
     from pg_stat_activity a where a.datname = current_database()`,
  );
  const pids = [...members.map(({ pid }) => pid ?? 0), ...rows.map(({ pid }) => pid)];
  return {
    cpuSeconds: new Map(pids.map((pid) => [pid, cpuSeconds(pid)])),
    transactions: rows[0]?.transactions ?? 0,
  };
}

/** Processor milliseconds between two looks, of the processes that are there at the second; one that has ended is not counted. */
export function cpuMsBetween(before: Used, after: Used): number {
  const used = [...after.cpuSeconds].map(
    ([pid, seconds]) => seconds - (before.cpuSeconds.get(pid) ?? 0),
  );
  return used.reduce((sum, seconds) => sum + seconds, 0) * 1000;
}

/** Linux counts processor time in hundredths of a second for every program. */
const ticksPerSecond = 100;

/** Processor time a process has used so far; 0 where there is no such process or no /proc. */
function cpuSeconds(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // After the name, which may hold anything: state is the third field, user and system time the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
