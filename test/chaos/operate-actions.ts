import { pause } from '@silver/shared';
import { levels } from './hierarchy.ts';
import { absentDays } from './time-span.ts';
import type { ActionContext, WriteAction } from './write-actions.ts';

/** What people and pg_cron do beside the fleet. None of it may change what the views say. `run` returns the target rows written, where it knows. */
export const operateActions: readonly WriteAction[] = [
  {
    kind: 'by hand: run_rollups',
    weight: 3,
    run: async ({ client }) => {
      await client.query('call silver.run_rollups()');
      return 0;
    },
  },
  { kind: 'by hand: perform_rollup', weight: 3, run: perform },
  {
    kind: 'by hand: invalidate',
    weight: 3,
    run: async ({ client, dice }) => {
      const table = dice.pick(['readings', ...levels.map(({ target }) => target)]);
      const from = dice.between(3, (absentDays.to - 1) * 24 * 60);
      await client.query(
        `select silver.invalidate($1, now() - $2 * interval '1 minute', now() - $3 * interval '1 minute')`,
        [`chaos.${table}`, from, from - dice.between(1, 120)],
      );
      return 0;
    },
  },
  {
    kind: 'by hand: pause for a while',
    weight: 2,
    run: async ({ client, dice }) => {
      await client.query(`select silver.pause_rollup($1, now() + $2 * interval '1 second')`, [
        `chaos.${dice.pick(levels).target}`,
        dice.between(1, 6),
      ]);
      return 0;
    },
  },
];

/** In one transaction, which stays open for a moment and is then kept or not. */
async function perform({ client, dice, signal }: ActionContext): Promise<number> {
  const keep = dice.chance(60);
  const waitMs = dice.between(0, 1_500);
  await client.query('begin');
  const { rows } = await client.query<{ written: string }>(
    'select coalesce(sum(rows_written), 0) as written from silver.perform_rollup()',
  );
  await pause(waitMs, signal);
  await client.query(keep ? 'commit' : 'rollback');
  return keep ? Number(rows[0]?.written) : 0;
}
