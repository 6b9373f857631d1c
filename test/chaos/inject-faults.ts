import { pause } from '@silver/shared';
import { rollDice } from './dice.ts';
import { type Fault, type FaultContext, faults, restart } from './faults.ts';
import { reconnecting } from './reconnecting.ts';
import type { Tally } from './tally.ts';

export interface InjectOptions extends Pick<FaultContext, 'fleet' | 'server' | 'signal'> {
  readonly databaseUrl: string;
  readonly seed: number;
  /** The kinds that are injected; all when undefined, possibly none. */
  readonly kinds?: readonly string[] | undefined;
  /** Shortest pause before each. */
  readonly pauseMs?: number | undefined;
  readonly injected: Tally;
  /** What was still there when PostgreSQL had crashed and was back. */
  readonly outlived: Tally;
}

const shortestPauseMs = 300;
const longestPauseMs = 2_000;

/** Breaks something every second or so until stopped, and mends in the end what does not mend itself. Throws when PostgreSQL does not come back. */
export async function injectFaults(options: InjectOptions): Promise<void> {
  const { databaseUrl, fleet, injected, kinds, pauseMs = 0, seed, server, signal } = options;
  await using connection = reconnecting(databaseUrl, 'faults', signal);
  const query = (text: string) =>
    connection.use(async (client) => (await client.query(text)).rowCount ?? 0);
  const lasting: Promise<void>[] = [];
  for (let turn = 0; !signal.aborted && kinds?.length !== 0; turn += 1) {
    const { afterMs, dice, fault } = faultAt(seed, turn, kinds);
    await pause(Math.max(afterMs, pauseMs), signal);
    if (signal.aborted) {
      break;
    }
    const injecting = inject(fault, { dice, fleet, query, server, signal }, injected);
    if (fault.kind.includes('let go')) {
      lasting.push(injecting);
    } else {
      await injecting;
    }
    if (fault.kind === restart) {
      options.outlived.add('prepared transactions', await countPrepared(query));
    }
  }
  await Promise.all(lasting);
}

async function inject(fault: Fault, context: FaultContext, injected: Tally): Promise<void> {
  try {
    const broken = await fault.inject(context);
    if (broken > 0) {
      injected.add(fault.kind);
    }
  } catch (error) {
    if (fault.kind === restart) {
      throw error;
    }
    // What was to be broken was broken already.
  }
}

function countPrepared(query: (text: string) => Promise<number>): Promise<number> {
  const count = () => query('select from pg_prepared_xacts');
  return count().catch(() => count()); // The first finds its connection gone.
}

/**
 * What is broken in the so-manieth turn, and how long after the turn before. Faults come in rounds, each in another order, so that
 * every kind comes within half a minute.
 */
export function faultAt(
  seed: number,
  turn: number,
  kinds?: readonly string[],
): { readonly fault: Fault; readonly afterMs: number; readonly dice: FaultContext['dice'] } {
  const round = faults
    .filter(({ kind }) => kinds === undefined || kinds.includes(kind))
    .flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
  const order = rollDice(seed, -1_000_000 - Math.floor(turn / round.length)).shuffled(round);
  const fault = order[turn % round.length];
  if (fault === undefined) {
    throw new Error(`there is no fault of these kinds: ${kinds?.join(', ')}`);
  }
  const dice = rollDice(seed, -turn - 1);
  return { fault, afterMs: dice.between(shortestPauseMs, longestPauseMs), dice };
}
