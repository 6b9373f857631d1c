import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pause } from '@silver/shared';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Dice } from './dice.ts';
import * as statements from './row-statements.ts';
import { changeTables, swapLeaf } from './swap-leaf.ts';

/** What an action needs: a connection to lose, chances, and a name no other transaction has. */
export interface ActionContext {
  readonly client: pg.Client;
  readonly dice: Dice;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** One thing that applications do. `run` returns the rows it wrote and committed. */
export interface WriteAction {
  readonly kind: string;
  readonly weight: number;
  run(context: ActionContext): Promise<number>;
}

async function write(client: pg.Client, text: string): Promise<number> {
  return (await client.query(text)).rowCount ?? 0;
}

function one(make: (dice: Dice) => string): WriteAction['run'] {
  return ({ client, dice }) => write(client, make(dice));
}

/** Some statements one after the other in an open transaction, with pauses in which others go on. */
async function several(
  { client, dice, signal }: ActionContext,
  longestPauseMs: number,
): Promise<number> {
  let rows = 0;
  for (let count = dice.between(1, 3); count > 0; count -= 1) {
    rows += await write(client, dice.pick(statements.anyStatement)(dice));
    await pause(dice.between(0, longestPauseMs), signal);
  }
  return rows;
}

async function end({ client, dice }: ActionContext, rows: number): Promise<number> {
  const keep = dice.chance(75);
  await client.query(keep ? 'commit' : 'rollback');
  return keep ? rows : 0;
}

/** Half of them write at the head, and wait, as if for a user, before they end. */
async function inTransaction(
  context: ActionContext,
  isolation: string,
  longestPauseMs: number,
): Promise<number> {
  const { client, dice, signal } = context;
  await client.query(`begin isolation level ${isolation}`);
  if (dice.chance(50)) {
    return end(context, await several(context, longestPauseMs));
  }
  const rows = await write(client, statements.insert(dice, 'head'));
  await pause(dice.between(0, 2 * longestPauseMs), signal);
  return end(context, rows);
}

/** Reads first, which fixes the only snapshot it has, and writes at the head some seconds later. */
async function writeLater(context: ActionContext): Promise<number> {
  const { client, dice, signal } = context;
  const isolation = dice.pick(['repeatable read', 'repeatable read', 'serializable']);
  await client.query(`begin isolation level ${isolation}`);
  await client.query('select today from chaos.origin');
  await pause(dice.between(500, 6_000), signal);
  return end(context, await write(client, statements.insert(dice, 'head')));
}

/** All that applications do to a table, and a little more. */
export const writeActions: readonly WriteAction[] = [
  { kind: 'insert at the head', weight: 30, run: one((dice) => statements.insert(dice, 'head')) },
  { kind: 'insert hours late', weight: 12, run: one((dice) => statements.insert(dice, 'late')) },
  { kind: 'insert months late', weight: 6, run: one((dice) => statements.insert(dice, 'old')) },
  {
    kind: 'insert into a partition',
    weight: 3,
    run: one((dice) => statements.insert(dice, 'late', 'newest')),
  },
  {
    kind: 'insert into a partitioned partition',
    weight: 3,
    run: one(statements.insertIntoMiddle),
  },
  { kind: 'insert on conflict', weight: 6, run: one(statements.insertOnConflict) },
  { kind: 'update', weight: 8, run: one(statements.update) },
  { kind: 'update that moves rows', weight: 8, run: one(statements.move) },
  { kind: 'merge', weight: 4, run: one(statements.merge) },
  { kind: 'delete', weight: 8, run: one(statements.remove) },
  { kind: 'delete of a stretch', weight: 2, run: one(statements.removeStretch) },
  { kind: 'insert taken back', weight: 4, run: takeBack },
  { kind: 'copy', weight: 5, run: copyRows },
  {
    kind: 'transaction held open',
    weight: 8,
    run: (context) => inTransaction(context, 'read committed', 2_500),
  },
  {
    kind: 'transaction at repeatable read',
    weight: 6,
    run: (context) => inTransaction(context, 'repeatable read', 3_000),
  },
  {
    kind: 'transaction at serializable',
    weight: 4,
    run: (context) => inTransaction(context, 'serializable', 1_500),
  },
  { kind: 'write under an old snapshot', weight: 5, run: writeLater },
  { kind: 'savepoint rolled back', weight: 4, run: withSavepoint },
  { kind: 'prepared transaction', weight: 6, run: prepare },
  { kind: 'prepared transactions finished', weight: 6, run: finishPrepared },
  { kind: 'truncate', weight: 1, run: truncate },
  { kind: 'leaf attached full or detached', weight: 4, run: swapLeaf },
];

async function copyRows({ client, dice, signal }: ActionContext): Promise<number> {
  const lines = statements.copyLines(dice, Date.now());
  const stream = client.query(copyFrom('copy chaos.readings from stdin'));
  await pipeline(Readable.from(lines), stream, { signal });
  return lines.length;
}

/** A late row that is gone again a moment later: whoever computed its bucket meanwhile must do so once more. */
async function takeBack({ client, dice, signal }: ActionContext): Promise<number> {
  const { rows } = await client.query<{ at: string; device: string | null }>(
    `${statements.insertAny(dice)} returning at::text, device`,
  );
  await pause(dice.between(50, 1_500), signal);
  for (const { at, device } of rows) {
    await client.query(
      'delete from chaos.readings where at = $1 and device is not distinct from $2',
      [at, device],
    );
  }
  return rows.length * 2;
}

async function withSavepoint(context: ActionContext): Promise<number> {
  const { client, dice } = context;
  await client.query('begin');
  const kept = await write(client, statements.insertAny(dice));
  await client.query('savepoint s');
  await several(context, 100);
  await client.query('rollback to s');
  await client.query('savepoint t');
  const more = await write(client, statements.update(dice));
  await client.query('release t');
  return end(context, kept + more);
}

/** Left behind, with its name saying for how many seconds: another action, or nobody before the end, decides about it. */
async function prepare({ client, dice, name }: ActionContext): Promise<number> {
  const isolation = dice.pick(['read committed', 'read committed', 'repeatable read']);
  const seconds = dice.between(1, 12);
  await client.query(`begin isolation level ${isolation}`);
  let rows = await write(client, statements.insert(dice, dice.pick(['head', 'head', 'late'])));
  if (dice.chance(30)) {
    rows += await write(client, dice.pick(statements.anyStatement)(dice));
  }
  await client.query(`prepare transaction 'chaos ${name} ${seconds}'`);
  return rows;
}

/** Those whose time has come. */
async function finishPrepared({ client, dice }: ActionContext): Promise<number> {
  const { rows } = await client.query<{ gid: string }>(
    `select gid from pg_prepared_xacts where database = current_database()
       and prepared < clock_timestamp() - substring(gid from '\\d+$')::integer * interval '1 second'`,
  );
  for (const { gid } of rows) {
    await client.query(`${dice.chance(80) ? 'commit' : 'rollback'} prepared '${gid}'`);
  }
  return 0;
}

/** A member is emptied, or filled anew in the same transaction. */
async function truncate({ client, dice, signal }: ActionContext): Promise<number> {
  const members = ['middle_a', 'middle_rest', 'oldest', 'middle', 'newest', 'newest', 'readings'];
  const member = dice.pick(members);
  const refill = dice.chance(60);
  const keep = dice.chance(80);
  return changeTables(client, signal, async () => {
    await client.query(`truncate chaos.${member}`);
    const rows = refill ? await write(client, statements.insertHistory(800, '98 minutes')) : 0;
    await client.query(keep ? 'commit' : 'rollback');
    return rows;
  });
}
