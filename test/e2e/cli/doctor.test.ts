import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSilver } from '../../integration/silver-under-test.ts';
import { findPgBouncer, type PgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { useDatabase } from '../../support/use-database.ts';

const silver = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

interface Finding {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

describe('silver doctor', { timeout: 120_000 }, () => {
  const database = useDatabase();

  async function findings(
    url = database.url,
    variables: Record<string, string> = {},
  ): Promise<{ readonly code: number | null; readonly findings: readonly Finding[] }> {
    const { code, stderr, stdout } = await runSilver(url, ['doctor', '--json'], variables);
    if (stdout === '') throw new Error(stderr);
    return { code, findings: JSON.parse(stdout) };
  }
  const codes = (found: readonly Finding[]) => found.map(({ code }) => code);

  it('finds nothing wrong with the connection, the clocks and the disk where nothing is', async () => {
    const { code, findings: found } = await findings();
    expect(codes(found)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/pooler|settings|notif|clocks|^disk$/)]),
    );
    expect(code).toBe(0);
  });

  it('says how far the clock of its machine is from that of the database', async () => {
    // Its own clock is put back, from its first line on; the server's is right.
    const late = 'const now = Date.now; Date.now = () => now() - 90_000;';
    const { findings: found } = await findings(database.url, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(late)}`,
    });
    const clocks = found.find(({ code }) => code === 'clocks');
    expect(clocks?.message).toMatch(/(89|90)\.\d s apart/);
    expect(clocks?.remedy).toContain('NTP');
  });

  describe('behind a PgBouncer in transaction mode', () => {
    const installed = findPgBouncer() !== undefined;
    if (!installed) {
      process.stderr.write('NOT TESTED: doctor behind PgBouncer, which is not installed.\n');
    }
    const poolers: PgBouncer[] = [];
    const start = async (ignored?: string) => {
      const pooler = await startPgBouncer(database.url, ignored === undefined ? {} : { ignored });
      poolers.push(pooler);
      return pooler.url;
    };
    afterAll(() => Promise.all(poolers.map((pooler) => pooler.close())));
    const undeclared = (url: string) => url.replace(/[?&]pooler=transaction/, '');

    it.skipIf(!installed)('that refuses settings: says what to add to DATABASE_URL', async () => {
      const { code, stderr } = await runSilver(undeclared(await start()), ['doctor']);
      expect(stderr).toContain('Add pooler=transaction to the parameters of DATABASE_URL');
      expect(code).toBe(3);
    });

    it.skipIf(!installed)(
      'that drops settings: finds them gone, the backends that change, and no notification',
      async () => {
        const ignored =
          'options, extra_float_digits, statement_timeout, lock_timeout, idle_in_transaction_session_timeout';
        const { code, findings: found } = await findings(undeclared(await start(ignored)));
        expect(codes(found)).toEqual(
          expect.arrayContaining(['settings_dropped', 'pooler', 'notifications']),
        );
        expect(found.find(({ code: kind }) => kind === 'pooler')?.remedy).toContain(
          'pooler=transaction',
        );
        expect(code).toBe(5);
      },
    );

    it.skipIf(!installed)(
      'that DATABASE_URL tells of: nothing is wrong, and what it costs is said',
      async () => {
        const { code, findings: found } = await findings(await start());
        expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(found.find(({ code: kind }) => kind === 'pooler')).toMatchObject({
          severity: 'info',
          message: expect.stringContaining('SILVER_POLL_INTERVAL_MS'),
        });
        expect(code).toBe(0);
      },
    );
  });

  describe('where the disk of the data directory is full', () => {
    let directory: string;
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'silver-doctor-'));
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    it('says how much is left, and what to do', async (context) => {
      const [row] = await database.query<{ data: string }>(
        `select setting as data from pg_settings where name = 'data_directory'`,
      );
      // In a mount namespace of its own the doctor sees a full little file system where the data are; nobody else does.
      const script = `mount -t tmpfs -o size=1m silver-doctor "$1" || exit 99
        head -c 2m /dev/zero > "$1/full" 2>/dev/null
        shift; exec "$@"`;
      const child = spawn(
        'unshare',
        [
          ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
          ...['--mount', 'sh', '-c', script, 'sh'],
          row?.data ?? '',
          ...[process.execPath, silver, 'doctor', '--json'],
        ],
        {
          env: { ...process.env, DATABASE_URL: database.url, LOG_LEVEL: 'fatal' },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (data) => {
        stdout += data;
      });
      child.stderr.on('data', (data) => {
        stderr += data;
      });
      const [code] = await Promise.race([once(child, 'close'), once(child, 'error')]);
      if (stdout === '') {
        process.stderr.write(`NOT TESTED: doctor on a full disk; no mount namespace: ${stderr}\n`);
        context.skip();
      }
      const found: readonly Finding[] = JSON.parse(stdout);
      const disk = found.find(({ code: kind }) => kind === 'disk');
      expect(disk?.severity).toBe('error');
      expect(disk?.message).toContain(`0.0 GB (0 %) are left on the disk of ${row?.data}`);
      expect(disk?.remedy).toContain('retention_period');
      expect(code).toBe(5);
    });
  });
});
