import { type Executor, parsedRows, parsedValue, SilverError } from '@silver/shared';
import { z } from 'zod';
import type { Action, Outcome } from '../api/schema/action.ts';
import { describeEffect } from './describe-effect.ts';

const group = z.record(z.string(), z.unknown()).nullable();
const difference = z.object({ bucket: z.string(), expected: group, stored: group });
/** The target's name as this connection finds it. */
const target = `(select c.target_table::text from silver.timeseries_rollup_config c where c.rollup_id = $1)`;

type Done = Pick<Outcome, 'outcome' | 'differences'>;

/** Most differences one answer carries; the outcome counts them all. */
const mostDifferences = 500;

/**
 * Does what was asked and writes it down, in the caller's transaction: who, what, what they had been told of its
 * effect, and what came of it. Neither is ever there without the other.
 */
export async function performAction(
  executor: Executor,
  actor: string,
  action: Action,
): Promise<Outcome> {
  const effect = await describeEffect(executor, action);
  const done = await perform(executor, action);
  const auditId = await parsedValue(
    executor,
    z.coerce.number(),
    'select silver.log_action($1, $2, $3, $4, $5::jsonb, $6) as value',
    [actor, action.action, action.rollup_id, effect, JSON.stringify(action), done.outcome],
  );
  return { audit_id: auditId, ...done };
}

async function perform(executor: Executor, action: Action): Promise<Done> {
  const call = async (text: string, values: readonly (string | number)[]) =>
    parsedValue(executor, z.unknown(), `select ${text} as value`, values);
  switch (action.action) {
    case 'pause':
      await call(`silver.pause_rollup(${target}, $2::timestamptz)`, [
        action.rollup_id,
        action.until ?? 'infinity',
      ]);
      return said('paused');
    case 'resume':
      await call(`silver.resume_rollup(${target})`, [action.rollup_id]);
      return said('resumed');
    case 'retry':
      return chunkOutcome(
        'will be tried again',
        action,
        await call('silver.retry_chunk($1)', [action.chunk_id]),
      );
    case 'discard':
      return chunkOutcome(
        'discarded; its buckets are pending again',
        action,
        await call('silver.discard_chunk($1)', [action.chunk_id]),
      );
    case 'invalidate':
      await call(`silver.invalidate(${target}, $2::timestamptz, $3::timestamptz)`, [
        action.rollup_id,
        action.from_time,
        action.to_time,
      ]);
      return said('invalidated; a scheduler plans it next');
    case 'backfill':
      return said(`backfill ${await startBackfill(executor, action)} ordered`);
    case 'cancel-backfill':
      if ((await call('silver.cancel_backfill($1)', [action.backfill_id])) !== true) {
        throw nothingLeft(`Backfill ${action.backfill_id} has ended already.`, action);
      }
      return said(`backfill ${action.backfill_id} cancelled`);
    case 'verify':
      return verify(executor, action);
  }
}

function said(outcome: string): Done {
  return { outcome, differences: [] };
}

function chunkOutcome(
  outcome: string,
  { chunk_id: chunkId }: { readonly chunk_id: number },
  done: unknown,
): Done {
  if (done !== true) {
    throw nothingLeft(`Chunk ${chunkId} is gone, or runs again already.`, { chunkId });
  }
  return said(`chunk ${chunkId} ${outcome}`);
}

function nothingLeft(message: string, details: Readonly<Record<string, unknown>>): SilverError {
  return new SilverError('ARGUMENT_INVALID', message, {
    details,
    remedy: 'Look at the page again.',
  });
}

function startBackfill(
  executor: Executor,
  {
    descendants,
    direction,
    force,
    from_time,
    rollup_id,
    to_time,
  }: Extract<Action, { action: 'backfill' }>,
): Promise<number> {
  return parsedValue(
    executor,
    z.coerce.number(),
    `select silver.start_backfill(${target}, $2, $3, $4, $5, force => $6) as value`,
    [rollup_id, from_time, to_time, descendants, direction, force],
  );
}

async function verify(
  executor: Executor,
  { from_time, repair, rollup_id, sample, to_time }: Extract<Action, { action: 'verify' }>,
): Promise<Done> {
  const differences = await parsedRows(
    executor,
    difference,
    `select * from silver.verify_rollup(${target}, $2::timestamptz, $3::timestamptz, $4, $5)`,
    [rollup_id, from_time, to_time, sample ?? null, repair],
  );
  const groups =
    differences.length === 1 ? '1 group differs' : `${differences.length} groups differ`;
  const outcome =
    differences.length === 0
      ? 'every group compared agrees with the source'
      : `${groups} from the source${repair ? '; their buckets are computed again' : ''}`;
  return { outcome, differences: differences.slice(0, mostDifferences) };
}
