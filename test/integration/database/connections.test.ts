import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migrate, onSlonik, openBoss, openPool } from '@silver/shared';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onServer } from '../../support/on-server.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { endProcess, quietLogger, runSilver, startSilver } from '../silver-under-test.ts';

const run = promisify(execFile);

/** A certificate authority of its own, and a server's certificate for `localhost` alone. */
async function makeCertificates(directory: string): Promise<void> {
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: directory });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=ca',
    '-days',
    '2',
  );
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'other.key',
    '-out',
    'other.crt',
    '-subj',
    '/CN=other',
    '-days',
    '2',
  );
  await openssl(
    'req',
    ...key,
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
  );
  writeFileSync(file('san'), 'subjectAltName=DNS:localhost');
  const signing = [
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-extfile',
    'san',
    '-days',
    '2',
  ];
  await openssl('x509', '-req', '-in', 'server.csr', ...signing, '-out', 'server.crt');
}

describe('connections', { timeout: 120_000 }, () => {
  let server: EmbeddedPostgres;
  let certificates: string;
  const url = (host: string, parameters: Record<string, string> = {}, user = 'postgres') => {
    const made = new URL(`postgres://${user}@${host}:${server.port}/app`);
    for (const [name, value] of Object.entries(parameters)) made.searchParams.set(name, value);
    return made.href;
  };
  const query = (text: string) => onServer(url('127.0.0.1'), text);

  beforeAll(async () => {
    server = await startEmbeddedPostgres();
    await onServer(server.connectionString, 'create database app');
    await migrate({ databaseUrl: url('127.0.0.1'), logger: quietLogger() });
    certificates = mkdtempSync(join(tmpdir(), 'silver-certificates-'));
    await makeCertificates(certificates);
    const data = join(server.directory, 'data');
    const { uid, gid } = statSync(join(data, 'PG_VERSION'));
    for (const name of ['server.crt', 'server.key']) {
      writeFileSync(join(data, name), readFileSync(join(certificates, name)), { mode: 0o600 });
      chownSync(join(data, name), uid, gid);
    }
    // The role app has to give a password; what comes first in the file decides.
    const rules = join(data, 'pg_hba.conf');
    const before = readFileSync(rules, 'utf8');
    writeFileSync(rules, 'host all app 127.0.0.1/32 scram-sha-256\n');
    appendFileSync(rules, before);
    await query('alter system set ssl = on');
    await query('select pg_reload_conf()');
    await waitUntil('it speaks TLS', async () => (await query('show ssl'))[0]?.['ssl'] === 'on');
  }, 120_000);
  afterAll(async () => {
    await server.close();
    rmSync(certificates, { recursive: true, force: true });
  });
  const pool = (databaseUrl: string) =>
    openPool({
      databaseUrl,
      applicationName: 'silver tls',
      size: 1,
      statementTimeoutMs: 10_000,
      lockTimeoutMs: 10_000,
      logger: quietLogger(),
    });

  it('with verify-full are encrypted, in slonik and in pg-boss, for a certificate of the authority named', async () => {
    const verified = url('localhost', {
      sslmode: 'verify-full',
      sslrootcert: join(certificates, 'ca.crt'),
    });
    const opened = await pool(verified);
    const boss = await openBoss({
      databaseUrl: verified,
      applicationName: 'silver tls boss',
      poolSize: 2,
      migrates: false,
      logger: quietLogger(),
    });
    const encrypted = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    expect(await onSlonik(opened).rows(encrypted)).toEqual([{ ssl: true }]);
    const sessions = await query(
      `select distinct a.application_name, s.ssl from pg_stat_activity a join pg_stat_ssl s using (pid)
       where a.application_name like 'silver tls%' order by 1`,
    );
    expect(sessions).toEqual([
      { application_name: 'silver tls', ssl: true },
      { application_name: 'silver tls boss', ssl: true },
    ]);
    await boss.stop({ graceful: false });
    await opened.end();
    const status = await runSilver(verified, ['status', '--json']);
    expect([status.code, status.stderr]).toEqual([0, '']);
  });

  it('with verify-full refuse another authority, another host, and a file that is not there', async () => {
    const refused = async (host: string, ca: string) => {
      const databaseUrl = url(host, {
        sslmode: 'verify-full',
        sslrootcert: join(certificates, ca),
      });
      const worker = await runSilver(databaseUrl, ['worker']);
      expect(worker.code).not.toBe(0);
      await expect(
        pool(databaseUrl).then((opened) => onSlonik(opened).rows('select 1')),
      ).rejects.toThrow();
      return worker.stderr;
    };
    expect(await refused('localhost', 'other.crt')).toMatch(/certificate|issuer/i);
    // The certificate is for localhost, not for an address.
    expect(await refused('127.0.0.1', 'ca.crt')).toMatch(/altnames|certificate/i);
    expect(await refused('localhost', 'none.crt')).toMatch(/sslrootcert=.*none\.crt|ENOENT/);
  });

  it('read the password from a password file each time, so that it may be changed while they run', async () => {
    await query(`create role app login password 'first'; grant all on database app to app`);
    await query('select silver.install_roles()');
    await query('grant silver_admin, silver_scheduler, silver_worker to app');
    await query('grant create on schema public to app');
    const file = join(certificates, 'pgpass');
    const keep = (password: string) =>
      writeFileSync(file, `127.0.0.1:${server.port}:*:app:${password}\n`, { mode: 0o600 });
    keep('first');
    const variables = { PGPASSFILE: file, LOG_LEVEL: 'info' };
    const app = url('127.0.0.1', {}, 'app');
    const children = ['scheduler', 'worker'].map((program) =>
      startSilver(app, [program], variables),
    );
    let said = '';
    for (const child of children) {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      }
    }
    try {
      // One that loses its connections while it starts gives up, for whoever supervises it to start it again.
      await waitUntil('both have started', async () =>
        ['scheduler', 'worker'].every((program) => said.includes(`"${program} started"`)),
      );
      await query(`
        create table public.readings (at timestamptz not null, value integer);
        alter table public.readings owner to app;
        insert into public.readings select '2001-01-01Z'::timestamptz + n * interval '1 minute', n from generate_series(0, 99) n`);
      await query(`alter role app password 'second'`);
      keep('second');
      await query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'`);
      const status = await runSilver(
        app,
        [
          'rollup',
          'create',
          'public.readings',
          'public.hourly',
          '--every',
          '1 hour',
          '--start-from',
          '2001-01-01Z',
        ],
        variables,
      );
      expect(status.code, status.stderr).toBe(0);
      await waitUntil(
        'they go on with the new password',
        async () => (await query('select from public.hourly')).length === 2,
        // Both begin anew, and connect as long after as they have learned to wait: 20 s on a busy machine.
        100_000,
      );
    } catch (error) {
      throw new Error(`they said:\n${said.slice(-5_000)}`, { cause: error });
    } finally {
      await Promise.all(children.map((child) => endProcess(child, 'SIGKILL')));
    }
  });

  it('name what stands in the way when the password is wrong', async () => {
    const wrong = await runSilver(url('127.0.0.1', {}, 'app').replace('app@', 'app:wrong@'), [
      'status',
    ]);
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toMatch(/password authentication failed/);
    expect(wrong.stderr).not.toContain('wrong@');
  });
});
