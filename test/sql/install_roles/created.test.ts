import type pg from 'pg';
import { expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { collectNotices } from '../call-results.ts';
import { silverRoles, useMembers } from './use-members.ts';

const database = useDatabase();
const members = useMembers(database);

it('makes five groups that cannot log in, own nothing and may do nothing by themselves', async () => {
  expect(
    await database.query(
      `select rolname, rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as mighty
       from pg_roles where rolname like 'silver\\_%' and rolname = any ($1) order by 1`,
      [silverRoles],
    ),
  ).toEqual(silverRoles.map((rolname) => ({ rolname, mighty: false })));
});

it('is idempotent, and returns those that are there', async () => {
  const again = () => database.query('select role from silver.install_roles() role order by 1');
  const acls = () =>
    database.query(
      `select c.relname, c.relacl::text from pg_class c where c.relnamespace = 'silver'::regnamespace order by 1`,
    );
  const before = await acls();
  expect(await again()).toEqual(silverRoles.map((role) => ({ role })));
  expect(await acls()).toEqual(before);
});

it('grants what a rollup needs when it is declared, on tables with odd names too', async () => {
  await createReadings(database, 1);
  await declareHourly(database);
  await database.query(
    `create schema "Odd; schema";
     create table "Odd; schema"."Select" (at timestamptz not null, n integer);
     select silver.create_rollup_table('"Odd; schema"."Select"', 'Odd; schema', 'Hour"ly', '1 hour');`,
  );
  expect(
    await database.query(
      `select has_table_privilege('silver_worker', '"Odd; schema"."Hour""ly"', 'insert') as worker,
         has_schema_privilege('silver_worker', 'Odd; schema', 'usage') as way,
         has_table_privilege('silver_scheduler', '"Odd; schema"."Hour""ly"', 'insert') as scheduler,
         has_table_privilege('silver_reader', '"Odd; schema"."Hour""ly"', 'select') as reader`,
    ),
  ).toEqual([{ worker: true, way: true, scheduler: false, reader: false }]);
});

/** A transaction that is rolled back, whatever happens in it. */
async function undone(
  work: (client: pg.Client, notices: string[]) => Promise<void>,
): Promise<void> {
  const client = await database.connect();
  const notices = collectNotices(client);
  await client.query('begin');
  try {
    await work(client, notices);
  } finally {
    await client.query('rollback');
  }
}

it.each(['silver_operator', 'silver_admin'] as const)(
  'a table that the caller may not grant on is passed by, with a notice of what to grant: %s',
  async (role) => {
    await undone(async (client, notices) => {
      await client.query(`revoke all on public.readings from silver_worker`);
      await client.query(`set local role ${members.name(role)}`);
      await client.query(`select silver.grant_rollup(1)`);
      expect(notices.filter((notice) => !notice.startsWith('WARNING'))).toEqual([
        `NOTICE: not granted, its owner must: grant usage on schema public to silver_worker; grant select on public.readings to silver_worker;`,
      ]);
    });
  },
);

it('says what is missing to somebody who may not create roles', async () => {
  await undone(async (client, notices) => {
    await client.query(`alter role silver_reader rename to silver_reader_aside`);
    await client.query(`set local role ${members.name('silver_admin')}`);
    await client.query('select silver.install_roles()').catch(() => undefined);
    expect(notices).toContainEqual(
      `NOTICE: role silver_reader is not there and ${members.name('silver_admin')} may not create it`,
    );
  });
});
