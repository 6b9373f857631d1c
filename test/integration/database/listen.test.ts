import { listen } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { quietLogger } from '../silver-under-test.ts';

describe('listen', () => {
  const database = useDatabase({ migrated: false });

  it('wakes for notifications, once for each connection, and again after the connection was cut', async () => {
    let wakes = 0;
    const listener = listen({
      databaseUrl: database.url,
      applicationName: 'silver listener',
      channel: 'silver_wake',
      logger: quietLogger(),
      onWake: () => {
        wakes += 1;
      },
    });
    const wakesAre = (count: number) =>
      waitUntil(`it woke ${count} times`, async () => wakes === count);
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'silver listener'`;

    await wakesAre(1);
    await database.query(`notify silver_wake`);
    await wakesAre(2);
    await database.query(cut);
    await wakesAre(3);
    await database.query(`notify silver_wake`);
    await wakesAre(4);

    await listener.close();
    const left = `select from pg_stat_activity where application_name = 'silver listener'`;
    await waitUntil(
      'its connection is closed',
      async () => (await database.query(left)).length === 0,
    );
    await database.query(`notify silver_wake`);
    expect(wakes).toBe(4);
  });
});
