import { describe, expect, inject, it } from 'vitest';
import { onServer } from '../../support/on-server.ts';
import { useDatabase } from '../../support/use-database.ts';
import { readings } from '../data/readings.ts';
import { copiesAt, openPeer, type PeerOptions } from './open-peer.ts';
import { problemOf } from './require-timescale.ts';

const options = (url: string): PeerOptions => ({
  url,
  rows: 2_000,
  seed: 1,
  signal: AbortSignal.timeout(60_000),
  say: () => undefined,
});

describe('a peer', () => {
  const database = useDatabase({ migrated: false });

  it('is refused without the extension, and the URL is told without its password', async () => {
    const withPassword = new URL(database.url);
    withPassword.password = 'secret';
    const refusal = openPeer(options(withPassword.href));
    await expect(refusal).rejects.toThrow(
      /^--peer: postgres(ql)?:\/\/.*cannot be measured: it has no extension timescaledb; install it, or leave --peer out$/,
    );
    await expect(refusal).rejects.not.toThrow(/secret/);
  });

  it('is refused where nobody listens', async () => {
    await expect(openPeer(options('postgresql://silver@127.0.0.1:1/silver'))).rejects.toThrow(
      /^--peer: there is no connection to postgresql:\/\/silver@127\.0\.0\.1:1\/silver: /,
    );
  });

  it('gets a database for each copy, which goes with it', async () => {
    const databases = () =>
      onServer(
        inject('serverUrl'),
        `select datname from pg_database where datname like 'silver\\_bench\\_${process.pid}\\_%'`,
      );
    {
      await using copy = await copiesAt(options(database.url))(readings);
      const { rows } = await copy.client.query(
        'select count(*)::integer as rows from public.readings',
      );
      expect(rows).toEqual([{ rows: 2_000 }]);
      expect(await databases()).toHaveLength(1);
    }
    expect(await databases()).toEqual([]);
  });
});

describe('what is in the way of measuring a peer', () => {
  const good = { user: 'me', isSuperuser: true, available: '2.28.0', preloaded: 'timescaledb' };

  it.each([
    [good, undefined],
    [{ ...good, isSuperuser: false }, /^me is no superuser/],
    [{ ...good, available: null }, /no extension timescaledb/],
    [
      { ...good, available: '2.12.2' },
      /^it has timescaledb 2\.12\.2; the bench needs 2\.13 or newer$/,
    ],
    [{ ...good, available: '3.0.0-dev' }, undefined],
    [{ ...good, preloaded: 'pg_stat_statements' }, /shared_preload_libraries; add it and restart/],
  ])('%o', (facts, problem) => {
    const told = problemOf(facts);
    if (problem === undefined) {
      expect(told).toBeUndefined();
    } else {
      expect(told).toMatch(problem);
    }
  });
});
