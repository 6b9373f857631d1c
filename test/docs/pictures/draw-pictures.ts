import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, migrate } from '@silver/shared';
import pg from 'pg';
import { findServer } from '../../support/find-server.ts';
import { databaseUrl, onServer } from '../../support/on-server.ts';
import { drawFreshness } from './draw-freshness.ts';
import { drawTrace } from './draw-trace.ts';
import { recordFleet } from './record-fleet.ts';

const folder = join(import.meta.dirname, '../../../docs/pictures');

/** Draws every picture of docs/watch.md anew, from a fleet that runs meanwhile: `npm run docs -- --pictures`. Takes about a minute. */
export async function drawPictures(): Promise<void> {
  const name = `silver_pictures_${process.pid}`;
  const server = await findServer();
  const url = databaseUrl(server.connectionString, name);
  await onServer(server.connectionString, `create database ${name}`);
  const client = new pg.Client({ connectionString: url });
  try {
    await migrate({ databaseUrl: url, logger: createLogger({ logLevel: 'fatal' }, 'docs') });
    await client.connect();
    const recording = await recordFleet({
      url,
      query: async (text, values) => (await client.query(text, values)).rows,
    });
    mkdirSync(folder, { recursive: true });
    const pictures = {
      'freshness.svg': await drawFreshness(recording),
      'trace.svg': await drawTrace(recording.spans),
    };
    for (const [file, svg] of Object.entries(pictures)) {
      writeFileSync(join(folder, file), svg);
      process.stdout.write(`drew docs/pictures/${file}\n`);
    }
  } finally {
    await client.end();
    await onServer(server.connectionString, `drop database if exists ${name} with (force)`);
    await server.close();
  }
}
