import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';

const root = join(import.meta.dirname, '../..');
const packages = ['shared', 'scheduler', 'worker', 'console', 'cli'];
const run = promisify(execFile);

/** The environment of somebody who has this Node and npm, and none of what the launcher of the repository sets. */
const outside: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|pnpm_|NODE_OPTIONS|DATABASE_URL|VITEST)/i.test(name),
    ),
  ),
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
};

describe('the packages as they are published', () => {
  const home = mkdtempSync(join(tmpdir(), 'silver-install-'));
  chmodSync(home, 0o755); // As root PostgreSQL runs as somebody else, who has to get there.
  const project = join(home, 'project');
  const tarballs = join(home, 'tarballs');
  let up: ChildProcess | undefined;
  afterAll(async () => {
    if (up !== undefined && up.exitCode === null) {
      const ended = new Promise((resolve) => up?.once('exit', resolve));
      up.kill('SIGKILL');
      await ended;
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  it('are packed with their compiled code and their SQL, and without tests or sources', async () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '-b', 'packages/cli'], { cwd: root });
    const [pnpm = 'pnpm'] = globSync('.toolchain/pnpm-*/node_modules/.bin/pnpm', { cwd: root }).map(
      (path) => join(root, path),
    );
    for (const name of packages) {
      await run(pnpm, ['pack', '--pack-destination', tarballs], {
        cwd: join(root, 'packages', name),
        env: outside,
      });
    }
    expect(existsSync(join(root, 'packages/shared/sql'))).toBe(false);
    expect(readdirSync(tarballs)).toHaveLength(packages.length);
    for (const file of readdirSync(tarballs)) {
      const { stdout } = await run('tar', ['-tzf', join(tarballs, file)]);
      const entries = stdout.trim().split('\n');
      expect(entries).toContain('package/package.json');
      expect(entries.filter((entry) => /\.test\.|^package\/src\//.test(entry))).toEqual([]);
      if (file.startsWith('silver-shared')) {
        const sql = entries.filter(
          (entry) => entry.startsWith('package/sql/') && !entry.endsWith('/'),
        );
        expect(sql).toHaveLength(globSync('**/*.sql', { cwd: join(root, 'sql') }).length);
      }
    }
  }, 300_000);

  it('run silver up in an empty project, SQL included', async () => {
    await run('mkdir', ['-p', project]);
    writeFileSync(join(project, 'package.json'), '{ "name": "tried", "private": true }\n');
    const files = readdirSync(tarballs).map((file) => join(tarballs, file));
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...files], {
      cwd: project,
      env: outside,
      maxBuffer: 1e8,
    });
    const silver = join(project, 'node_modules/.bin/silver');
    const { stdout: help } = await run(silver, ['--help'], { cwd: project, env: outside });
    expect(help).toContain('Usage: silver');

    const port = await freePort();
    let said = '';
    up = spawn(silver, ['up', '--port', String(port)], {
      cwd: project,
      env: outside,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [up.stdout, up.stderr]) {
      stream?.on('data', (data) => {
        said += data;
      });
    }
    await waitUntil(
      'Silver is up',
      async () => {
        if (up?.exitCode !== null) {
          throw new Error(said);
        }
        return said.includes('Ctrl-C stops it');
      },
      120_000,
    );
    const url = /DATABASE_URL=(\S+)/.exec(said)?.[1] ?? '';
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`
        create table public.readings (at timestamptz not null, device text not null, value double precision);
        insert into public.readings values ('2026-03-01 10:05+00', 'a', 20), ('2026-03-01 10:40+00', 'a', 22)`);
      const declared = await run(
        silver,
        [
          'rollup',
          'create',
          'public.readings',
          'public.readings_hourly',
          '--every',
          '1 hour',
          '--dimensions',
          'device',
          '--start-from',
          '2026-03-01',
        ],
        { cwd: project, env: { ...outside, DATABASE_URL: url } },
      );
      expect(declared.stdout).toContain('created public.readings_hourly');
      const rows = await waitUntil(
        'the worker has filled it',
        async () => {
          const stored = await client.query(
            'select device, row_count::int as rows, avg_value as avg from public.readings_hourly',
          );
          return stored.rows.length > 0 && stored.rows;
        },
        60_000,
      );
      expect(rows).toEqual([{ device: 'a', rows: 2, avg: 21 }]);
    } finally {
      await client.end();
    }
    const ended = new Promise((resolve) => up?.once('exit', resolve));
    up.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(existsSync(join(project, 'silver-data/data/PG_VERSION'))).toBe(true);
  }, 600_000);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
