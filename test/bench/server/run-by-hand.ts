import { connect } from '@silver/demo';
import { cpuMsBetween, usedBy } from '../fleet/process-load.ts';
import type { Measured } from '../scenario.ts';
import type { DatabaseCopy } from './database-copies.ts';
import { sessionSettings } from './start-bench-server.ts';

/** One statement written by hand, for a window of time: `$1` and `$2` are its bounds. */
export interface ByHand {
  readonly prepare: string;
  readonly statement: string;
}

/** So many windows of equal, whole multiples of the step, from `from` to `to`, in milliseconds. */
export function windowsOf(
  from: number,
  to: number,
  count: number,
  step: number,
): readonly (readonly [string, string])[] {
  const width = Math.max(step, Math.ceil((to - from) / count / step) * step);
  const starts = Array.from({ length: Math.ceil((to - from) / width) }, (_, n) => from + n * width);
  return starts.map((start) => [
    new Date(start).toISOString(),
    new Date(Math.min(start + width, to)).toISOString(),
  ]);
}

/** Runs a statement over windows, in as many sessions as asked for, which share them out; and what that took. */
export async function runByHand(
  copy: DatabaseCopy,
  { prepare, statement }: ByHand,
  windows: readonly (readonly string[])[],
  signal: AbortSignal,
  { sessions = 1, workMem = '64MB' } = {},
): Promise<Measured> {
  await copy.client.query(prepare);
  await using open = new AsyncDisposableStack();
  const clients = await Promise.all(
    Array.from({ length: sessions }, async () => {
      const { client } = open.use(await connect(copy.databaseUrl, signal));
      for (const [name, value] of Object.entries({ ...sessionSettings, work_mem: workMem })) {
        await client.query('select set_config($1, $2, false)', [name, value]);
      }
      return client;
    }),
  );
  const waiting = [...windows];
  const before = await usedBy(copy);
  const startedAt = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await client.query(statement, [...next]);
      }
    }),
  );
  const durationMs = performance.now() - startedAt;
  const cpuMs = cpuMsBetween(before, await usedBy(copy));
  return { durationMs, details: { cpuMs } };
}
