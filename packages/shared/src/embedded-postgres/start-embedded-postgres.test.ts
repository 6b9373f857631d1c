import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';

async function ask(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(connectionString);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Its supervisor: the server's parent. */
function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

describe('startEmbeddedPostgres', () => {
  let server: EmbeddedPostgres;
  beforeAll(async () => {
    server = await startEmbeddedPostgres({ settings: { max_connections: '23' } });
  });
  afterAll(() => server.close());

  it('runs a real server with the settings asked for, on loopback', async () => {
    expect(await ask(server.connectionString, 'show max_connections')).toEqual([['23']]);
    expect(await ask(server.connectionString, 'show listen_addresses')).toEqual([['127.0.0.1']]);
  });

  it.each(['fast', 'immediate', 'kill'] as const)(
    'keeps what was committed over a %s stop',
    async (mode) => {
      const table = `kept_${mode}`;
      await ask(server.connectionString, `create table ${table} as select 7 as n`);
      const before = server.pid;
      await server.stop(mode);
      expect(isAlive(before)).toBe(false);
      await server.start();
      expect(server.pid).not.toBe(before);
      expect(await ask(server.connectionString, `select n from ${table}`)).toEqual([[7]]);
    },
  );

  it('leaves no process and no directory when it is closed', async () => {
    const other = await startEmbeddedPostgres();
    const { directory, pid } = other;
    expect(existsSync(directory)).toBe(true);
    await other.close();
    expect([isAlive(pid), existsSync(directory)]).toEqual([false, false]);
  });

  it('leaves no process and no directory when its owner is killed with SIGKILL', async () => {
    const module = fileURLToPath(new URL('./index.ts', import.meta.url));
    const program = `import { startEmbeddedPostgres } from ${JSON.stringify(module)};
      const { directory, pid } = await startEmbeddedPostgres();
      console.log(JSON.stringify({ directory, pid }));
      setInterval(() => undefined, 1_000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const { directory, pid } = JSON.parse(String(line));
    expect([isAlive(pid), existsSync(directory)]).toEqual([true, true]);
    owner.kill('SIGKILL');
    await expect
      .poll(() => [isAlive(pid), existsSync(directory)], { timeout: 15_000 })
      .toEqual([false, false]);
  });

  it('leaves no process and no directory when its supervisor is killed with SIGKILL', async () => {
    const other = await startEmbeddedPostgres();
    const { directory, pid } = other;
    process.kill(parentOf(pid), 'SIGKILL');
    await expect
      .poll(() => [isAlive(pid), existsSync(directory)], { timeout: 15_000 })
      .toEqual([false, false]);
    await expect(other.start()).rejects.toThrow('its supervisor ended');
    await other.close();
  });

  it('says what the server printed when it does not start', async () => {
    const start = startEmbeddedPostgres({ settings: { shared_buffers: 'much' } });
    await expect(start).rejects.toThrow(/did not start: .*shared_buffers/s);
  });
});
