// The statements that writers send. All chances are thrown here, none in SQL, so that a seed fixes the text of every statement;
// what it meets depends on the clock and on the other writers.

import type { Dice } from './dice.ts';
import { absentDays, newestDays, recentMinutes } from './time-span.ts';

/** How old a row is: about now, within the time the finest rollup covers and somewhat more, or up to months. */
type Age = 'head' | 'late' | 'old';

const devices = [`'a'`, `'b'`, `'c'`, 'null'] as const;
const minutesOfDay = 24 * 60;

/** SQL for an instant; old ones keep clear of the days whose partitions come and go. */
function instant(dice: Dice, age: Age): string {
  switch (age) {
    case 'head':
      return `clock_timestamp() - interval '${dice.between(-200, 2_800)} milliseconds'`;
    case 'late':
      return `clock_timestamp() - interval '${dice.between(3, recentMinutes * 90)} seconds'`;
    case 'old': {
      const beforeGaps = dice.between(absentDays.from * minutesOfDay + 1, 100 * minutesOfDay);
      const afterGaps = dice.between(3, (absentDays.to - 1) * minutesOfDay);
      return `clock_timestamp() - interval '${dice.chance(20) ? beforeGaps : afterGaps} minutes'`;
    }
  }
}

const anyAge = (dice: Dice): Age => dice.pick(['head', 'late', 'late', 'old'] as const);

function row(dice: Dice, at: string): string {
  const amount = dice.chance(10)
    ? 'null'
    : `${dice.between(-99_999, 99_999)}.${dice.between(0, 999)}`;
  const count = dice.chance(10) ? 'null' : dice.between(-1_000, 1_000_000);
  const level = dice.chance(10) ? 'null' : `${dice.between(0, 9_999)} / 7.0`;
  const note = dice.chance(70) ? 'null' : `'${JSON.stringify({ n: dice.between(0, 9) })}'`;
  return `(${at}, ${dice.pick(devices)}, ${amount}, ${count}, ${level}, ${note})`;
}

/** Some rows of one age, mostly close together, into the source itself or straight into one of its partitions. */
export function insert(dice: Dice, age: Age, table = 'readings'): string {
  const scattered = dice.chance(20);
  const start = instant(dice, age);
  const spreadMs = { head: 500, late: 5_000, old: 3 * 3_600_000 }[age];
  const rows = Array.from({ length: dice.between(1, 12) }, () => {
    const near = `${start} - interval '${dice.between(0, spreadMs)} milliseconds'`;
    return row(dice, scattered ? instant(dice, age) : near);
  });
  return `insert into chaos.${table} values ${rows.join(', ')}`;
}

export function insertAny(dice: Dice): string {
  return insert(dice, anyAge(dice));
}

/** Rows of the days that the partitioned partition holds, straight into it. */
export function insertIntoMiddle(dice: Dice): string {
  const day = dice.between(newestDays + 1, absentDays.to - 1);
  const rows = Array.from({ length: dice.between(1, 5) }, () =>
    row(
      dice,
      `(select today from chaos.origin) - interval '${day * minutesOfDay - dice.between(0, 600)} minutes'`,
    ),
  );
  return `insert into chaos.middle values ${rows.join(', ')}`;
}

/** Rows that are there already, with new values, and one that is probably not. */
export function insertOnConflict(dice: Dice): string {
  const action = dice.chance(75)
    ? 'update set amount = excluded.amount, level = excluded.level, note = excluded.note'
    : 'nothing';
  return `insert into chaos.readings
    select at, device, amount + ${dice.between(1, 9)}, count, level + 1, '{"n": ${dice.between(0, 9)}}'::jsonb
      from (select * from chaos.readings where at >= ${instant(dice, anyAge(dice))} order by at limit ${dice.between(1, 8)}) as known
    union all
    select at, device, amount::numeric, count::integer, level::double precision, note::jsonb
      from (values ${row(dice, instant(dice, 'late'))}) as fresh (at, device, amount, count, level, note)
    on conflict (at, device, count) do ${action}`;
}

/** A few rows, chosen by where they are at this moment. */
function chosen(dice: Dice): string {
  return `(r.tableoid, r.ctid) in (
    select s.tableoid, s.ctid from chaos.readings s
    where at >= ${instant(dice, anyAge(dice))} - interval '1 minute' order by at limit ${dice.between(1, 8)})`;
}

export function update(dice: Dice): string {
  return `update chaos.readings r set amount = coalesce(amount, 0) + 0.5, level = level + ${dice.between(0, 9)}, note = '{"n": ${dice.between(0, 9)}}' where ${chosen(dice)}`;
}

/** To another bucket, and often to another partition. */
export function move(dice: Dice): string {
  const distance = dice.pick(['1 hour', '5 seconds', '3 days', '30 days']);
  return `update chaos.readings r set at = least(at ${dice.pick(['+', '-'])} interval '${distance}', clock_timestamp()),
    device = ${dice.pick(devices)} where ${chosen(dice)}`;
}

export function merge(dice: Dice): string {
  const stretch = `select ${instant(dice, 'old')} as start`;
  return `merge into chaos.readings r
    using (${stretch}) s on r.at >= s.start and r.at < s.start + interval '${dice.between(1, 5)} hours'
    when matched and hashtext(r.level::text) % 3 = 0 then update set at = least(r.at + interval '25 days', clock_timestamp())
    when matched and hashtext(r.level::text) % 3 = 1 then update set amount = r.amount + 1
    when matched then delete
    when not matched then insert values ${row(dice, 's.start')}`;
}

export function remove(dice: Dice): string {
  return `delete from chaos.readings r where ${chosen(dice)}`;
}

/** Half of the rows between two instants, whole buckets among them. */
export function removeStretch(dice: Dice): string {
  const age = anyAge(dice);
  return `delete from chaos.readings
    where at between ${instant(dice, age)} and ${instant(dice, age)} and at < clock_timestamp() - interval '1 minute'
      and hashtext(at::text) % 2 = ${dice.between(0, 1)}`;
}

/** Rows all over the history, as a reload brings them. */
export function insertHistory(rows: number, spacing: string): string {
  return `insert into chaos.readings
    select at, (array['a', 'b', 'c', null])[1 + i % 4], i % 1000 / 7.0, i, i % 997 / 3.0, case when i % 5 = 0 then to_jsonb(i % 11) end
    from chaos.origin o, generate_series(1, ${rows}) i,
      lateral (select o.today - interval '${absentDays.to - 1} days' + i * interval '${spacing}' as at) t
    where at < now() on conflict do nothing`;
}

export const anyStatement: readonly ((dice: Dice) => string)[] = [
  insertAny,
  insertAny,
  (dice) => insert(dice, 'head'),
  insertOnConflict,
  update,
  move,
  merge,
  remove,
];

/** Lines for COPY: at the head, over minutes, hours, days, and now and then over weeks. */
export function copyLines(dice: Dice, nowMs: number): string[] {
  const longSeconds = dice.chance(20) ? (absentDays.to - 1) * 86_400 : 2 * 86_400;
  const spanMs = dice.pick([3, 3, 600, 7_000, longSeconds]) * 1_000;
  const count = dice.between(10, 200);
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(nowMs - Math.floor((spanMs * index) / count)).toISOString();
    const device = dice.pick(['a', 'b', 'c', '\\N']);
    const note = dice.chance(80) ? '\\N' : `{"n": ${dice.between(0, 9)}}`;
    return `${at}\t${device}\t${dice.between(0, 999)}.5\t${dice.between(0, 999_999)}\t${dice.between(0, 9)}\t${note}\n`;
  });
}
