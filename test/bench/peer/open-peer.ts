import { connect } from '@silver/demo';
import { createLogger, migrate } from '@silver/shared';
import type { Dataset } from '../data/dataset.ts';
import { type DatabaseCopy, urlOf, withAdmin } from '../server/database-copies.ts';
import type { BenchServer, BenchServerOptions } from '../server/start-bench-server.ts';
import { requireTimescale } from './require-timescale.ts';

export interface PeerOptions extends BenchServerOptions {
  /** Of a superuser; the bench makes databases of its own there, and drops them. */
  readonly url: string;
}

/**
 * A TimescaleDB that somebody has, with the settings it has. Each copy of a data set is a new database, loaded anew: one that has the extension
 * cannot be a template, for the extension's workers are connected to it.
 */
export async function openPeer(options: PeerOptions): Promise<BenchServer> {
  const { settings, version } = await requireTimescale(options.url, options.signal);
  return {
    version,
    settings,
    copyOf: copiesAt(options),
    [Symbol.asyncDispose]: async () => undefined, // each copy drops itself
  };
}

/** Makes a database for each copy; it is dropped with its scope. */
export function copiesAt(options: PeerOptions): BenchServer['copyOf'] {
  let copies = 0;
  return (dataset) => {
    copies += 1;
    return loadInto(`silver_bench_${process.pid}_${copies}`, dataset, options);
  };
}

async function loadInto(
  name: string,
  dataset: Dataset,
  { rows, seed, signal, url }: PeerOptions,
): Promise<DatabaseCopy> {
  // Not of template1, which may have the extension, and whose workers Silver's half should not have beside it.
  await withAdmin(url, signal, `create database ${name} template template0`);
  const databaseUrl = urlOf(url, name);
  const drop = () =>
    withAdmin(url, AbortSignal.timeout(60_000), `drop database ${name} with (force)`);
  await using resources = new AsyncDisposableStack();
  resources.defer(drop);
  await migrate({ databaseUrl, logger: createLogger({ logLevel: 'silent' }, 'bench') });
  const { client } = resources.use(await connect(databaseUrl, signal));
  await dataset.load({ client, rows, seed, signal });
  await client.query('vacuum (freeze, analyze)');
  await client.query(`select count(*) from ${dataset.table}`);
  await client.query('checkpoint');
  const owned = resources.move();
  return { databaseUrl, client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
