import { migrate } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { quietLogger, runSilver } from '../silver-under-test.ts';

describe('migrate', () => {
  const database = useDatabase({ migrated: false });
  const migrateAgain = () => migrate({ databaseUrl: database.url, logger: quietLogger() });

  it('can be run by ten processes at once: one does it, all succeed', async () => {
    const runs = await Promise.all(
      Array.from({ length: 10 }, () => runSilver(database.url, ['migrate', '--json'])),
    );
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, '']));
    const applied = runs
      .map(({ stdout }) => JSON.parse(stdout))
      .filter(({ migrations }) => migrations.length > 0);
    expect(applied).toHaveLength(1);
    expect(applied[0].migrations[0]).toMatch(/^0001-/);
    const queues = await database.query(
      'select name, policy, dead_letter, notify from silver_pgboss.queue order by name',
    );
    expect(queues).toEqual([
      { name: 'silver-chunk', policy: 'exclusive', dead_letter: 'silver-chunk-dead', notify: true },
      { name: 'silver-chunk-dead', policy: 'exclusive', dead_letter: null, notify: true },
    ]);
  });

  it('changes nothing when there is nothing to do', async () => {
    expect(await migrateAgain()).toEqual({ migrations: [], functions: [], dropped: [] });
  });

  it('applies a function whose text differs, and takes the old signature away', async () => {
    await database.query(
      'create function silver.lock_source(source_id text) returns boolean language sql return true',
    );
    await database.query(
      "update silver.applied_function set sha256 = 'older' where path = 'functions/plan/lock_source.sql'",
    );
    expect((await migrateAgain()).functions).toEqual(['functions/plan/lock_source.sql']);
    const signatures = await database.query(
      `select oid::regprocedure::text as name from pg_proc where proname = 'lock_source'`,
    );
    expect(signatures).toEqual([{ name: 'silver.lock_source(integer)' }]);
  });

  it('replaces a function in place where something depends on it', async () => {
    await database.query('create view public.locks as select silver.lock_source(1)');
    await database.query(
      "update silver.applied_function set sha256 = 'older' where path = 'functions/plan/lock_source.sql'",
    );
    expect((await migrateAgain()).functions).toEqual(['functions/plan/lock_source.sql']);
    expect(await database.query('select * from public.locks')).toEqual([{ lock_source: true }]);
    await database.query('drop view public.locks');
  });

  it('drops a function and a view whose files vanished', async () => {
    await database.query(`
      create function silver.gone(integer) returns integer language sql return 1;
      create function silver.gone(text) returns integer language sql return 2;
      create view silver.gone_view as select silver.gone(1);
      insert into silver.applied_function values ('functions/plan/gone.sql', 'x'), ('functions/view/gone_view.sql', 'x')`);
    const { dropped } = await migrateAgain();
    expect(dropped.toSorted()).toEqual(['functions/plan/gone.sql', 'functions/view/gone_view.sql']);
    expect(await database.query(`select from pg_proc where proname = 'gone'`)).toEqual([]);
    expect(await database.query(`select to_regclass('silver.gone_view') as view`)).toEqual([
      { view: null },
    ]);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    const [before] = await database.query<{ name: string; sha256: string }>(
      'select * from silver.migration limit 1',
    );
    await database.query("update silver.migration set sha256 = 'edited' where name = $1", [
      before?.name,
    ]);
    await expect(migrateAgain()).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
    await database.query('update silver.migration set sha256 = $2 where name = $1', [
      before?.name,
      before?.sha256,
    ]);
  });

  it('is whole or not at all', async () => {
    await database.query(`
      update silver.applied_function set sha256 = 'older';
      create table public.kept (id integer);
      create function public.forbid() returns event_trigger language plpgsql as
        $$ begin raise exception 'no functions today'; end $$;
      create event trigger forbid on ddl_command_end when tag in ('CREATE VIEW') execute function public.forbid()`);
    await expect(migrateAgain()).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/^sql\/functions\/view\/.*no functions today/),
    });
    await database.query('drop event trigger forbid');
    const untouched = await database.query(
      "select from silver.applied_function where sha256 = 'older'",
    );
    expect(untouched.length).toBeGreaterThan(50);
    expect((await migrateAgain()).functions).toHaveLength(untouched.length);
  });

  it('and every program refuse a database that is newer than they know', async () => {
    await database.query(
      "insert into silver.migration (name, sha256) values ('9999-tomorrow', 'x')",
    );
    await expect(migrateAgain()).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
    for (const program of ['scheduler', 'worker', 'status']) {
      const { code, stderr } = await runSilver(database.url, [program]);
      expect([code, stderr]).toEqual([4, expect.stringContaining('9999-tomorrow')]);
    }
  });
});
