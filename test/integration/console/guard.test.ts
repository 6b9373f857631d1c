import { request } from 'node:http';
import { startConsole } from '@silver/console';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { quietLogger, testConfig } from '../silver-under-test.ts';
import { post, useConsole } from './use-console.ts';

const database = useDatabase();
const token = 'a-token-of-some-length';

beforeAll(async () => {
  await database.query(`
    create table public.readings (at timestamptz not null, value integer);
    select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2026-03-01Z')`);
});

describe('the console keeps out', () => {
  const server = useConsole(database);

  it('whatever comes from elsewhere or stands inline: by its headers', async () => {
    const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    const page = await (await fetch(server.url)).text();
    expect(page).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  it('a page elsewhere whose name was made to resolve to this machine', async () => {
    const { port } = new URL(server.url);
    const status = await new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it('every action, until it is told that it may act; what would happen it tells', async () => {
    const action = { action: 'pause', rollup_id: 1 };
    const refused = await post(`${server.url}/api/actions`, action);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'READ_ONLY' });
    expect((await post(`${server.url}/api/actions/effect`, action)).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await fetch(`${server.url}/queues`, {
        method,
        headers: { origin: server.url },
      });
      expect(answer.status).toBe(403);
    }
    const [config] = await database.query(
      'select paused_until from silver.timeseries_rollup_config',
    );
    expect(config).toEqual({ paused_until: null });
  });
});

describe('a console that may act', () => {
  const server = useConsole(database, { SILVER_CONSOLE_ACT: 'on' });
  const action = { action: 'pause', rollup_id: 1 };

  it('takes nothing from another origin, and nothing but json', async () => {
    const form = await fetch(`${server.url}/api/actions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'http://evil.example',
      },
      body: 'action=pause&rollup_id=1',
    });
    expect(form.status).toBe(403);
    const nowhere = await post(`${server.url}/api/actions`, action, { origin: 'null' });
    expect(nowhere.status).toBe(403);
    const plain = await fetch(`${server.url}/api/actions`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: server.url },
      body: JSON.stringify(action),
    });
    expect(plain.status).toBe(415);
    const foreign = await post(`${server.url}/api/actions`, action, {
      origin: 'http://evil.example',
    });
    expect(foreign.status).toBe(403);
  });

  it('refuses what it does not understand, naming it', async () => {
    for (const [body, message] of [
      [{ action: 'drop', rollup_id: 1 }, 'action'],
      [{ action: 'pause', rollup_id: 'x' }, 'rollup_id'],
      [{ action: 'verify', rollup_id: 1, from_time: 'now', to_time: 'then' }, 'from_time'],
      [{ action: 'pause', rollup_id: 1, until: '2001-01-01T00:00:00Z' }, 'has passed'],
      [{ action: 'pause', rollup_id: 99 }, 'nothing to pause'],
    ] as const) {
      const response = await post(`${server.url}/api/actions`, body);
      expect(response.status).toBe(400);
      expect(((await response.json()) as { message: string }).message).toContain(message);
    }
  });
});

describe('a console with a token', () => {
  const server = useConsole(database, {
    SILVER_CONSOLE_TOKEN: token,
    SILVER_CONSOLE_ACT: 'on',
  });
  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });

  it('lets in who knows it, and nobody else, anywhere', async () => {
    for (const path of ['/', '/api/state', '/api/events', '/queues', '/console.js']) {
      expect((await fetch(server.url + path)).status).toBe(401);
    }
    expect((await fetch(server.url, { headers: basic('anna', 'wrong') })).status).toBe(401);
    expect((await fetch(server.url, { headers: { authorization: 'Bearer wrong' } })).status).toBe(
      401,
    );
    expect(
      (await fetch(server.url, { headers: { authorization: `Bearer ${token}` } })).status,
    ).toBe(200);
    expect((await fetch(server.url, { headers: basic('anna', token) })).status).toBe(200);
  });

  it('writes down who acted', async () => {
    const done = await post(
      `${server.url}/api/actions`,
      { action: 'pause', rollup_id: 1 },
      basic('anna', token),
    );
    expect(done.status).toBe(200);
    const audit = (await (
      await fetch(`${server.url}/api/audit`, { headers: basic('anna', token) })
    ).json()) as object[];
    expect(audit).toHaveLength(1);
    expect(audit[0]).toMatchObject({
      actor: 'anna',
      action: 'pause',
      target_name: 'public.hourly',
      outcome: 'paused',
    });
  });
});

describe('starting a console', () => {
  const server = useConsole(database);

  it('is refused on an address others can reach, without a token', async () => {
    const config = testConfig(database.url, {
      SILVER_CONSOLE_HOST: '0.0.0.0',
      SILVER_CONSOLE_PORT: '0',
    });
    await expect(startConsole(config, quietLogger())).rejects.toThrow(
      'SILVER_CONSOLE_TOKEN is not set',
    );
  });

  it('is refused on a port that is taken, and leaves no connection behind', async () => {
    const { port } = new URL(server.url);
    const config = testConfig(database.url, { SILVER_CONSOLE_PORT: port });
    await expect(startConsole(config, quietLogger())).rejects.toThrow('cannot listen on');
  });
});
