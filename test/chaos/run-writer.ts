import { pause } from '@silver/shared';
import { type Dice, rollDice } from './dice.ts';
import { isInterruption } from './is-interruption.ts';
import { reconnecting } from './reconnecting.ts';
import type { Tally } from './tally.ts';
import type { WriteAction } from './write-actions.ts';

export interface WriterOptions {
  readonly databaseUrl: string;
  readonly seed: number;
  /** Which of the writers this is, from 1. */
  readonly number: number;
  /** What it chooses from. */
  readonly actions: readonly WriteAction[];
  /** Between two of them. */
  readonly longestPauseMs: number;
  readonly done: Tally;
  readonly refused: Tally;
  readonly rows: Tally;
  readonly signal: AbortSignal;
}

/** One application or operator: does one thing after the other until it is stopped. What fails is simply not done. */
export async function runWriter(options: WriterOptions): Promise<void> {
  const { actions, databaseUrl, done, longestPauseMs, number, refused, rows, seed, signal } =
    options;
  await using connection = reconnecting(databaseUrl, `writer ${number}`, signal);
  for (let turn = 1; !signal.aborted; turn += 1) {
    const { action, dice } = actionAt(seed, number, turn, actions);
    try {
      const name = `${seed} ${number} ${turn}`;
      const written = await connection.use((client) => action.run({ client, dice, name, signal }));
      done.add(action.kind);
      rows.add(action.kind, written);
    } catch (error) {
      if (!signal.aborted) {
        if (!isInterruption(error) && !isCollision(error)) {
          throw error; // A mistake in a statement must not pass for bad luck.
        }
        refused.add(action.kind);
      }
    }
    await pause(dice.between(0, longestPauseMs), signal);
  }
}

/**
 * Writers that meet: a row that is there already, moves to where no partition is, or is inserted twice by one statement;
 * a partition that another has just made, attached or dropped; a transaction that another has finished, or one too many.
 */
function isCollision(error: unknown): boolean {
  const { code } = error as { code?: string };
  return [
    '23505',
    '23514',
    '21000',
    '42P07',
    '42P01',
    '42704',
    '42809',
    '53000',
    '53200',
    '55000',
  ].includes(code ?? '');
}

/**
 * What a writer does in its so-manieth turn. Each turn has dice of its own: an action that failed half-way has thrown fewer, and
 * changes nothing of what follows.
 */
export function actionAt(
  seed: number,
  number: number,
  turn: number,
  actions: readonly WriteAction[],
): { readonly action: WriteAction; readonly dice: Dice } {
  const dice = rollDice(seed, number * 1_000_000 + turn);
  return { action: dice.weighted(actions), dice };
}
