import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openClient } from '../../support/open-client.ts';
import type { TestDatabase } from '../../support/use-database.ts';

/** Silver's roles, as silver.install_roles makes them. */
export const silverRoles = [
  'silver_admin',
  'silver_operator',
  'silver_reader',
  'silver_scheduler',
  'silver_worker',
] as const;
export type SilverRole = (typeof silverRoles)[number];

/** People and programs that log in: one that is a member of each of Silver's roles, and one of none. */
export interface Members {
  /** Name of the login; null: the one without any of Silver's roles. */
  name(of: SilverRole | null): string;
  url(of: SilverRole | null): string;
  /** A connection as that login; ended with the tests. */
  connect(of: SilverRole | null): Promise<pg.Client>;
}

/**
 * Installs Silver's roles and makes a login for each and an `application` for none, before the tests of a file; afterwards all that were not
 * there before are gone. Roles belong to the server, so such files run apart from others (vitest.config.ts).
 */
export function useMembers(database: TestDatabase): Members {
  const suffix = randomBytes(4).toString('hex');
  const password = randomBytes(12).toString('hex');
  const name = (of: SilverRole | null) => `${of ?? 'application'}_${suffix}`;
  const logins = [...silverRoles, null];
  const clients: pg.Client[] = [];
  let created: string[] = [];

  const url = (of: SilverRole | null) => {
    const member = new URL(database.url);
    member.username = name(of);
    member.password = password;
    return member.href;
  };

  beforeAll(async () => {
    const before = await database.query<{ rolname: string }>('select rolname from pg_roles');
    await database.query('select silver.install_roles()');
    for (const of of logins) {
      const member = of === null ? '' : `in role ${of}`;
      await database.query(`create role ${name(of)} login password '${password}' ${member}`);
    }
    const after = await database.query<{ rolname: string }>('select rolname from pg_roles');
    created = after
      .map(({ rolname }) => rolname)
      .filter((role) => !before.some(({ rolname }) => rolname === role));
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
    for (const role of created) {
      await database.query(`drop owned by ${role} cascade`);
    }
    for (const role of created) {
      await database.query(`drop role ${role}`);
    }
  });

  return {
    name,
    url,
    connect: async (of) => {
      const client = await openClient(url(of));
      clients.push(client);
      return client;
    },
  };
}
