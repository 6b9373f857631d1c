import { pause } from '@silver/shared';
import type pg from 'pg';
import { absentDays, slots } from './time-span.ts';
import type { ActionContext } from './write-actions.ts';

const daysOfSlot = (absentDays.from - absentDays.to) / slots;

/**
 * A leaf comes full, filled in the transaction that attaches it or in one before; or it goes, emptied before or full, and is dropped or waits to
 * come back. The rollups follow (on_partition_drop recompute). Returns the rows it came with.
 */
export async function swapLeaf({ client, dice, signal }: ActionContext): Promise<number> {
  const slot = dice.between(0, slots - 1);
  const leaf = `chaos.slot_${slot}`;
  const fillFirst = dice.chance(50);
  const waitMs = dice.between(0, 800);
  const drop = dice.chance(50);
  const empty = dice.chance(50);
  const count = dice.between(0, 1_000_000);
  const state = await stateOf(client, leaf);
  if (state === 'attached') {
    return changeTables(client, signal, async () => {
      if (empty) {
        await client.query(`delete from ${leaf}`);
      }
      await client.query(`alter table chaos.readings detach partition ${leaf}`);
      if (drop) {
        await client.query(`drop table ${leaf}`);
      }
      await client.query('commit');
      return 0;
    });
  }
  const fill = async () => {
    if (state === 'absent') {
      await client.query(`create table ${leaf} (like chaos.readings)`);
    }
    const { rowCount } = await client.query(`
      insert into ${leaf}
      select ${bound(slot)} + i * interval '67 minutes', case when i % 3 = 0 then 'a' else 'c' end, i, ${count}, i, null
      from generate_series(0, 50) i`);
    return rowCount ?? 0;
  };
  let rows = 0;
  if (fillFirst) {
    await client.query('begin');
    rows = await fill();
    await client.query('commit');
    await pause(waitMs, signal);
  }
  return changeTables(client, signal, async () => {
    rows = fillFirst ? rows : await fill();
    await client.query(`
      do $$ begin
        execute format('alter table chaos.readings attach partition ${leaf} for values from (%L) to (%L)', ${bound(slot)}, ${bound(slot + 1)});
      end $$`);
    await client.query('commit');
    return rows;
  });
}

const ddlAttempts = 15;
const betweenAttemptsMs = 500;

/**
 * Runs DDL in a transaction, as a careful migration does: it waits no longer than a second for its locks, for whoever comes later waits
 * behind it, and tries again a moment later. `work` commits or rolls back.
 */
export async function changeTables(
  client: pg.Client,
  signal: AbortSignal,
  work: () => Promise<number>,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query('begin');
      await client.query(`set local lock_timeout = '1s'`);
      return await work();
    } catch (error) {
      if (
        attempt === ddlAttempts ||
        signal.aborted ||
        (error as { code?: string }).code !== lockNotAvailable
      ) {
        throw error;
      }
      await client.query('rollback');
      await pause(betweenAttemptsMs, signal);
    }
  }
}

const lockNotAvailable = '55P03';

function bound(slot: number): string {
  return `(select today - interval '${absentDays.from - daysOfSlot * slot} days' from chaos.origin)`;
}

async function stateOf(
  client: pg.Client,
  leaf: string,
): Promise<'absent' | 'detached' | 'attached'> {
  const { rows } = await client.query<{ state: 'absent' | 'detached' | 'attached' }>(
    `select case when to_regclass($1) is null then 'absent'
       when exists (select from pg_inherits where inhrelid = to_regclass($1)) then 'attached' else 'detached' end as state`,
    [leaf],
  );
  return rows[0]?.state ?? 'absent';
}
