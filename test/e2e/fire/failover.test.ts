import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import { afterEach, describe, expect, it } from 'vitest';
import { makeReplica } from '../../support/make-replica.ts';
import { onServer } from '../../support/on-server.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startFleetUnderFire } from './fleet-under-fire.ts';

describe('a failover to a second server', { timeout: 300_000 }, () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it.each(['immediate', 'kill'] as const)(
    'the first ends (%s), its replica is promoted, its name moves: the same processes go on, and nothing is wrong',
    async (mode) => {
      const replica = await startEmbeddedPostgres();
      closing.push(() => replica.close());
      const fleet = await startFleetUnderFire();
      closing.push(() => fleet.close());
      await makeReplica(fleet.server, replica);
      const name = await startTcpProxy(fleet.url);
      closing.push(() => name.close());
      const processes = await Promise.all(
        ['scheduler', 'scheduler', 'worker', 'worker'].map((program) =>
          fleet.start([program], name.url),
        ),
      );
      await fleet.moreChunks(8);
      await fleet.server.stop(mode);
      const second = databaseOn(replica, fleet.url);
      await onServer(second, 'select pg_promote(true)');
      await waitUntil('it is promoted', async () => {
        const [row] = await onServer<{ recovering: boolean }>(
          second,
          'select pg_is_in_recovery() as recovering',
        );
        return row?.recovering === false;
      });
      fleet.moveTo(second);
      name.lead(second);
      await fleet.moreChunks(8);
      expect(await fleet.judge()).toEqual({ wrong: [], twice: [], dead: [] });
      expect(processes.map(({ exitCode }) => exitCode)).toEqual([null, null, null, null]);
    },
  );
});

/** The database of a connection string, on another server. */
function databaseOn(server: EmbeddedPostgres, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.port = String(server.port);
  return url.href;
}
