import { execFile } from 'node:child_process';
import { appendFile, chown, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EmbeddedPostgres } from '@silver/shared/embedded-postgres';
import pg from 'pg';

const execute = promisify(execFile);

/** Makes the second server a streaming replica of the first, as pg_basebackup would: by a copy of its files between two calls. */
export async function makeReplica(
  primary: EmbeddedPostgres,
  replica: EmbeddedPostgres,
): Promise<void> {
  const from = join(primary.directory, 'data');
  const to = join(replica.directory, 'data');
  await replica.stop();
  const label = await duringBackup(primary.connectionString, async () => {
    for (const name of await readdir(to)) await rm(join(to, name), { recursive: true });
    await copyLiving(from, to);
  });
  const owner = await stat(to);
  for (const [name, text] of [
    ['backup_label', label],
    ['standby.signal', ''],
  ] as const) {
    await writeFile(join(to, name), text);
    await chown(join(to, name), owner.uid, owner.gid);
  }
  await rm(join(to, 'postmaster.pid'), { force: true });
  await appendFile(
    join(to, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres'\n`,
  );
  await replica.start();
}

/** Runs a copy between the two calls of a backup, in one session; returns the label that the copy needs. */
async function duringBackup(connectionString: string, copy: () => Promise<void>): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('replica', true)`);
    await copy();
    const { rows } = await client.query('select labelfile as label from pg_backup_stop(false)');
    return rows[0].label;
  } finally {
    await client.end();
  }
}

/** Copies files of a server that writes: one that goes meanwhile is no loss, the log has it. */
async function copyLiving(from: string, to: string): Promise<void> {
  await execute('cp', ['-a', `${from}/.`, to]).catch((error: { stderr?: string }) => {
    const lines = (error.stderr ?? '').trim().split('\n');
    if (!lines.every((line) => line.endsWith('No such file or directory'))) throw error;
  });
}
