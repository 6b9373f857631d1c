import { pause } from '@silver/shared';
import { type Comparison, compareViews } from './compare-levels.ts';
import { rollDice } from './dice.ts';
import { isInterruption } from './is-interruption.ts';
import { reconnecting } from './reconnecting.ts';

export interface CheckerOptions {
  readonly databaseUrl: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onSnapshot: (comparison: Comparison) => void;
  /** A comparison that a fault cut off. */
  readonly onInterruption: () => void;
}

/** Most that one comparison may take; the server may also vanish under it. */
const statementTimeoutMs = 60_000;
const longestHoldMs = 1_500;
/** Leaves DDL a chance, which waits for the locks of a comparison. */
const betweenMs = 150;

/** Compares every live view with its source, snapshot after snapshot, until stopped. Now and then the snapshot grows old first. */
export async function checkSnapshots(options: CheckerOptions): Promise<void> {
  const { databaseUrl, onInterruption, onSnapshot, seed, signal } = options;
  await using connection = reconnecting(databaseUrl, 'checker', signal);
  for (let turn = 1; !signal.aborted; turn += 1) {
    const dice = rollDice(seed, 900_000_000 + turn);
    const holdMs = dice.between(0, longestHoldMs);
    const hold = dice.chance(20) ? () => pause(holdMs, signal) : undefined;
    try {
      const comparison = await connection.use(async (client) => {
        await client.query(`set statement_timeout = ${statementTimeoutMs}`);
        return compareViews(client, hold);
      });
      onSnapshot(comparison);
      await pause(betweenMs, signal);
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!isInterruption(error)) {
        throw error; // An error of a view, or of this program.
      }
      onInterruption();
      await pause(100, signal);
    }
  }
}
