// Writes what the documents say about the code: `npm run docs`. A test compares it. With `--pictures`, draws the pictures of
// docs/watch.md instead.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLogger, migrate } from '@silver/shared';
import pg from 'pg';
import { findServer } from '../support/find-server.ts';
import { databaseUrl, onServer } from '../support/on-server.ts';
import { generatedFiles } from './generated-files.ts';
import { drawPictures } from './pictures/draw-pictures.ts';

if (process.argv.includes('--pictures')) {
  await drawPictures();
  process.exit();
}
const root = join(import.meta.dirname, '../..');
const name = `silver_docs_${process.pid}`;
const server = await findServer();
try {
  await onServer(server.connectionString, `create database ${name}`);
  const url = databaseUrl(server.connectionString, name);
  await migrate({ databaseUrl: url, logger: createLogger({ logLevel: 'fatal' }, 'docs') });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const files = await generatedFiles(async (text) => (await client.query(text)).rows);
  await client.end();
  for (const [path, { current, text }] of files) {
    const file = join(root, path);
    if (text === undefined) {
      rmSync(file);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    if (current !== text) {
      process.stdout.write(`${text === undefined ? 'removed' : 'wrote'} ${path}\n`);
    }
  }
} finally {
  await onServer(server.connectionString, `drop database if exists ${name} with (force)`);
  await server.close();
}
