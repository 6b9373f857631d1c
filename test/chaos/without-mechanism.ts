import type pg from 'pg';
import { type Arena, withClient } from './open-arena.ts';
import type { Sabotage } from './sabotages.ts';

/** Does some work with a mechanism taken out of the database, and puts it back. */
export async function withoutMechanism<T>(
  arena: Arena,
  sabotage: Sabotage,
  work: () => Promise<T>,
): Promise<T> {
  const whole = await withClient(arena, async (client) => {
    const before = await definitions(client);
    await sabotage.apply(client);
    return before;
  });
  try {
    return await work();
  } finally {
    await withClient(arena, (client) => restore(client, whole));
  }
}

/** The functions of Silver by name and arguments, and the constraints of its tables, as statements that would make them. */
async function definitions(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as definition
    from pg_proc p where p.pronamespace = 'silver'::regnamespace and p.prokind in ('f', 'p')
    union all
    select format('%s of %s', c.conname, c.conrelid::regclass),
      format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    from pg_constraint c where c.connamespace = 'silver'::regnamespace and c.contype = 'x'`);
  return new Map(rows.map(({ definition, name }) => [name, definition]));
}

async function restore(client: pg.Client, whole: ReadonlyMap<string, string>): Promise<void> {
  // What was taken out may have let in what the constraint forbids; the rollups are dropped next in any case.
  await client.query('delete from silver.timeseries_chunk');
  const now = await definitions(client);
  for (const [name, definition] of whole) {
    if (now.get(name) !== definition) {
      await client.query(definition);
    }
  }
}
