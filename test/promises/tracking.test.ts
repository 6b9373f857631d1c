import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

/** Ways to change rows. Each must show in the live views at once, and in the tables once settled. */
const changes: readonly (readonly [name: string, statement: string])[] = [
  [
    'INSERT ON CONFLICT',
    `
    create unique index on app.january (at, device);
    insert into app.january values ('2026-01-30Z', 'd0', 7) on conflict (at, device) do update set amount = 99;
    drop index app.january_at_device_idx`,
  ],
  [
    'COPY into a leaf, by a program’s output',
    `copy app.january from program 'printf "2026-01-30 03:30+00\\td1\\t5\\n"'`,
  ],
  [
    'data-modifying CTEs on several tables',
    `
    with moved as (delete from app.january where at < '2026-01-30 02:00Z' returning *)
    insert into app.february select at + interval '2 days', device, amount from moved`,
  ],
  [
    'a row into an intermediate partition',
    `insert into app.later values ('2026-03-03 07:00Z', 'd1', 3)`,
  ],
  [
    'an update of an intermediate partition that moves rows',
    `update app.later set device = 'd1' where device = 'd2'`,
  ],
  [
    'an update across partitions',
    `update app.readings set at = at - interval '1 day' where at >= '2026-02-01 03:00Z' and at < '2026-02-01 05:00Z'`,
  ],
  [
    'an update of a leaf',
    `update app.february set amount = amount * 2 where at < '2026-02-01 02:00Z'`,
  ],
  [
    'a delete',
    `delete from app.readings where at >= '2026-01-31 10:00Z' and at < '2026-01-31 12:00Z'`,
  ],
  ['a delete in a leaf of an intermediate partition', `delete from app.later_rest`],
  [
    'MERGE that moves rows between partitions',
    `
    merge into app.readings r using (select timestamptz '2026-01-31 05:00Z' as f) s on r.at >= s.f and r.at < s.f + interval '3 hours'
    when matched then update set at = r.at + interval '1 day'`,
  ],
  [
    'MERGE on a leaf',
    `
    merge into app.january r using (values (timestamptz '2026-01-30 06:00Z')) s (at) on r.at = s.at
    when matched then update set amount = -1 when not matched then insert values (s.at, 'd0', 1)`,
  ],
  [
    'MERGE in a replica session that moves rows into a partition made later',
    `
    create table app.april partition of app.readings for values from ('2026-04-01Z') to ('2026-05-01Z');
    set session_replication_role = replica;
    merge into app.readings r using (select timestamptz '2026-01-31 20:00Z' as f) s on r.at >= s.f and r.at < s.f + interval '1 hour'
    when matched then update set at = r.at + interval '70 days';
    set session_replication_role = origin`,
  ],
  [
    'a row in a replica session',
    `set session_replication_role = replica; insert into app.january values ('2026-01-30 09:10Z', 'r', 1);
    set session_replication_role = origin`,
  ],
  [
    'an updatable view',
    `create view app.some as select * from app.readings; insert into app.some values ('2026-01-30 11:11Z', 'v', 1);
    update app.some set amount = 4 where device = 'v'; delete from app.some where at = '2026-01-30 08:00Z'`,
  ],
  [
    'rules',
    `create table app.inbox (at timestamptz, device text, amount integer);
    create rule hand_on as on insert to app.inbox do instead insert into app.readings values (new.at, new.device, new.amount);
    insert into app.inbox values ('2026-01-30 12:12Z', 'ruled', 1)`,
  ],
  [
    'a BEFORE trigger that shifts the time',
    `
    create function app.shift() returns trigger language plpgsql as $$ begin new.at := new.at - interval '1 hour'; return new; end $$;
    create trigger shift before insert or update on app.february for each row execute function app.shift();
    insert into app.february values ('2026-02-01 05:30Z', 'shifted', 1);
    update app.readings set amount = 11 where device = 'shifted';
    drop trigger shift on app.february`,
  ],
  [
    'a deferred constraint trigger that writes',
    `
    create function app.echo() returns trigger language plpgsql as $$ begin
      if new.device <> 'echo' then insert into app.readings values (new.at - interval '12 hours', 'echo', 1); end if; return null; end $$;
    create constraint trigger echo after insert on app.february deferrable initially deferred for each row execute function app.echo();
    begin; insert into app.february values ('2026-02-01 18:00Z', 'first', 1); commit;
    drop trigger echo on app.february`,
  ],
  [
    'savepoints and exceptions',
    `
    begin; savepoint s; insert into app.january values ('2026-01-30 13:13Z', 'gone', 1); rollback to s;
    insert into app.january values ('2026-01-30 14:14Z', 'stays', 1); commit;
    do $$ begin
      begin insert into app.january values ('2026-01-30 15:15Z', 'gone', 1); raise division_by_zero;
      exception when division_by_zero then insert into app.january values ('2026-01-30 16:16Z', 'stays', 1); end;
    end $$`,
  ],
  [
    'REPEATABLE READ',
    `begin isolation level repeatable read; insert into app.january values ('2026-01-30 17:17Z', 'rr', 1); commit`,
  ],
  [
    'SERIALIZABLE',
    `begin isolation level serializable; insert into app.february values ('2026-02-01 17:17Z', 'ser', 1); commit`,
  ],
  [
    'infinite times, which no bucket holds',
    `create table app.forever partition of app.readings for values from ('2030-01-01Z') to (maxvalue);
    insert into app.readings values ('-infinity', 'd0', 1), ('infinity', 'd0', 1)`,
  ],
  ['TRUNCATE of a leaf', `truncate app.later_d1`],
  [
    'TRUNCATE of an intermediate partition',
    `insert into app.later values ('2026-03-02 10:00Z', 'd1', 5); truncate app.later`,
  ],
  [
    'TRUNCATE of the root, and COPY FREEZE after it',
    `
    begin; truncate app.readings; copy app.february from program 'printf "2026-02-02 03:30+00\\td1\\t5\\n"' with (freeze); commit`,
  ],
];

describe('what is seen of a partitioned source', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await createTrackedReadings(database);
    await settle(database);
  });

  it.each(changes)('%s', async (_name, statement) => {
    await database.query(statement);
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });
});

describe('a role without any right on Silver', () => {
  const database = useDatabase();

  it('writes, late rows too, and they are seen', async () => {
    await createTrackedReadings(database);
    await settle(database);
    const role = `${database.name}_app`;
    await database.query(
      `create role ${role}; grant usage on schema app to ${role}; grant insert, select on app.readings to ${role}`,
    );
    try {
      await database.query(
        `set role ${role}; insert into app.readings values ('2026-01-30 01:00Z', 'app', 1); reset role`,
      );
      expect(await differences(database)).toEqual([]);
      await settle(database);
      expect(await differences(database, '')).toEqual([]);
    } finally {
      await database.query(`reset role; drop owned by ${role}; drop role ${role}`);
    }
  });
});

describe('a foreign key that cascades', () => {
  const database = useDatabase();

  it('deletes and updates are seen', async () => {
    await createTrackedReadings(database, {
      before: `
        create table app.devices (device text primary key);
        insert into app.devices select distinct device from app.readings;
        alter table app.readings add foreign key (device) references app.devices on delete cascade on update cascade`,
    });
    await settle(database);
    await database.query(`update app.devices set device = 'renamed' where device = 'd0'`);
    expect(await differences(database)).toEqual([]);
    await database.query(`delete from app.devices where device = 'd1'`);
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });
});

describe('a source with children by INHERITS', () => {
  const database = useDatabase();

  it('rows of a child, of one made later, and of one that joins full are seen', async () => {
    await createTrackedReadings(database, {
      table: `create table app.readings (at timestamptz not null, device text, amount integer);
        create index on app.readings (at);
        create table app.child () inherits (app.readings);
        create index on app.child (at)`,
    });
    await settle(database);
    await database.query(`insert into app.child values ('2026-01-30 01:00Z', 'c', 1)`);
    expect(await differences(database)).toEqual([]);
    await database.query(
      `update app.readings set amount = 2 where device = 'c'; delete from only app.readings where amount < 3`,
    );
    expect(await differences(database)).toEqual([]);
    await database.query(
      `create table app.late () inherits (app.child); insert into app.late values ('2026-01-30 02:00Z', 'c', 1)`,
    );
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
    await database.query(`create table app.full as select * from app.readings where device = 'd1';
      alter table app.full alter at set not null, inherit app.readings`);
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
    await database.query(
      `insert into app.full values ('2026-01-30 03:00Z', 'f', 1); insert into app.late values ('2026-01-30 03:00Z', 'l', 1)`,
    );
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });
});

describe('a source of its own that becomes a partition of another', () => {
  const database = useDatabase();

  it('is tracked for both', async () => {
    await createTrackedReadings(database);
    await database.query(`
      create table app.april (like app.readings);
      insert into app.april values ('2026-04-02Z', 'a', 1);
      create index on app.april (at)`);
    await database.query(
      `select silver.create_rollup_table('app.april', 'app', 'of_april', '1 hour', start_from => '2026-01-28Z')`,
    );
    await settle(database);
    await database.query(
      `alter table app.readings attach partition app.april for values from ('2026-04-01Z') to ('2026-05-01Z')`,
    );
    await settle(database);
    await database.query(`insert into app.april values ('2026-04-02Z', 'a', 2)`);
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
    expect(await database.query('select row_count::int as n from app.of_april')).toEqual([
      { n: 2 },
    ]);
    await database.query(`select silver.drop_rollup('app.of_april')`);
    await database.query(`delete from app.april where amount = 2`);
    expect(await differences(database)).toEqual([]);
  });
});

describe('a source tampered with', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await createTrackedReadings(database);
    await settle(database);
  });

  it.each([
    ['dropped', `drop trigger silver_track_delete on app.january`, ''],
    [
      'disabled',
      `alter table app.january disable trigger silver_track_delete`,
      `alter table app.january enable always trigger silver_track_delete`,
    ],
  ])(
    'a trigger %s: its time is computed from the source until the trigger is back',
    async (_how, tamper, mend) => {
      await database.query(tamper);
      await database.query(
        `delete from app.january where at < (select min(at) + interval '1 hour' from app.january)`,
      );
      expect(await differences(database)).toEqual([]);
      await database.query(mend);
      await settle(database);
      expect(await differences(database)).toEqual([]);
      expect(await differences(database, '')).toEqual([]);
      await database.query(
        `delete from app.january where at < (select min(at) + interval '1 hour' from app.january)`,
      );
      expect(await differences(database)).toEqual([]);
    },
  );

  it('a move trigger disabled: MERGE that moves rows is seen all the same', async () => {
    const [{ name } = {}] = await database.query<{ name: string }>(
      `select tgname as name from pg_trigger where tgrelid = 'app.readings'::regclass and tgname like 'zzz%'`,
    );
    await database.query(`alter table app.readings disable trigger ${name};
      merge into app.readings r using (select timestamptz '2026-01-31 05:00Z' as f) s on r.at >= s.f and r.at < s.f + interval '3 hours'
      when matched then update set at = r.at + interval '1 day'`);
    expect(await differences(database)).toEqual([]);
  });
});

/** What a mend taken out lets through: the change, and the function that keeps it from being seen. */
const sabotages: readonly (readonly [
  string,
  { readonly take: string; readonly change: string; readonly before?: boolean },
])[] = [
  [
    'a row for which only the intermediate partition has a trigger, with triggers on root and leaves alone',
    {
      take: `create or replace function silver.source_members(source regclass) returns setof regclass language sql stable as $$
      select relid from pg_partition_tree(source) where isleaf or level = 0 $$`,
      change: `insert into app.later values ('2026-03-03 07:00Z', 'd1', 3)`,
      before: true,
    },
  ],
  [
    'a MERGE that moves rows, with nothing logged row by row',
    {
      take: `create or replace function silver.track_move_1() returns trigger language plpgsql as $$ begin return new; end $$`,
      change: `merge into app.readings r using (select timestamptz '2026-01-31 05:00Z' as f) s on r.at >= s.f and r.at < s.f + interval '3 hours'
      when matched then update set at = r.at + interval '1 day'`,
    },
  ],
  [
    'a partition attached full, with nobody comparing the tree',
    {
      take: `create or replace function silver.changed_members(source_id integer, out joined tstzmultirange, out departed tstzmultirange)
      language sql stable as $$ select '{}'::tstzmultirange, '{}'::tstzmultirange $$`,
      change: `create table app.full (like app.readings); insert into app.full values ('2026-04-02Z', 'f', 1);
      alter table app.readings attach partition app.full for values from ('2026-04-01Z') to ('2026-05-01Z')`,
    },
  ],
  [
    'a row in a replica session, with triggers that fire for origin only',
    {
      take: `alter table app.january enable trigger silver_track_insert;
      create or replace function silver.changed_members(source_id integer, out joined tstzmultirange, out departed tstzmultirange)
      language sql stable as $$ select '{}'::tstzmultirange, '{}'::tstzmultirange $$;
      create or replace function silver.track_apply_1() returns trigger language plpgsql as $$ begin return null; end $$`,
      change: `set session_replication_role = replica; insert into app.january values ('2026-01-30 09:10Z', 'r', 1); set session_replication_role = origin`,
    },
  ],
];

describe.each(sabotages)(
  'not seen, and this test sees it: %s',
  (_name, { before, change, take }) => {
    const database = useDatabase();

    it('the live view is wrong', async () => {
      await createTrackedReadings(database, before ? { before: take } : {});
      await settle(database);
      await database.query(before ? 'select 1' : take);
      await database.query(change);
      expect(await differences(database)).not.toEqual([]);
    });
  },
);
