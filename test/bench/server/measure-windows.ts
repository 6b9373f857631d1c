import type { Measured } from '../scenario.ts';
import type { DatabaseCopy } from './database-copies.ts';
import { type GroupByHand, groupByHand } from './group-by-hand.ts';
import { runByHand, windowsOf } from './run-by-hand.ts';

export interface WindowsByHand extends Omit<GroupByHand, 'source'> {
  /** Milliseconds since 1970, as `to`. */
  readonly from: number;
  readonly to: number;
  readonly windows?: number;
  /** Windows are whole multiples of it, in milliseconds; a minute unless told. */
  readonly step?: number;
  readonly sessions?: number;
  readonly signal: AbortSignal;
}

/** Groups readings by hand in windows, into a table that is dropped again. */
export async function measureWindows(
  copy: DatabaseCopy,
  { from, sessions = 1, signal, step = 60_000, target, to, windows = 32, ...group }: WindowsByHand,
): Promise<Measured> {
  const statement = groupByHand({
    source: 'public.readings',
    target: `public.${target}`,
    ...group,
  });
  const cut = windowsOf(from, to, windows, step);
  const measured = await runByHand(copy, statement, cut, signal, { sessions });
  await copy.client.query(`drop table public.${target}`);
  return measured;
}
