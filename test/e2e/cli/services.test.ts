import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { hasTerminal, startInTerminal, startPiped } from './run-command.ts';
import { type ServiceCase, services } from './services.ts';

const told = services
  .filter(({ args, command }) => command !== 'up' || args !== undefined)
  .map((one) => ({
    ...one,
    call: [one.command, ...(one.args ?? []), one.on ?? ''].join(' ').trim(),
  }));
const running = told.filter(({ code }) => code === 0);
const failing = told.filter(({ code }) => code !== 0);

describe('silver, as a service', () => {
  const prepared = useDatabase();
  const empty = useDatabase({ migrated: false });
  const start = ({ args = [], command, on }: ServiceCase, how: typeof startPiped) =>
    how(
      {
        empty: empty.url,
        nowhere: 'postgres://nobody@127.0.0.1:1/nothing',
        prepared: prepared.url,
      }[on ?? 'prepared'],
      [command, ...args],
    );

  it.each(running)('$call runs until SIGTERM, and ends with 0', async (one) => {
    const service = start(one, startPiped);
    await waitUntil('it runs', async () => one.says.test(service.said()), 60_000);
    service.child.kill('SIGTERM');
    const { code, stdout } = await service.ended;
    expect(code).toBe(0);
    // Logs are lines of json.
    for (const line of stdout.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) });
    }
  });

  it.each(failing)('$call ends with $code and says why', async (one) => {
    const { code, stderr } = await start(one, startPiped).ended;
    expect(stderr).toMatch(one.says);
    expect(code).toBe(one.code);
  });

  it.skipIf(!hasTerminal).each(running)('$call runs in a terminal until Ctrl-C', async (one) => {
    const service = start(one, startInTerminal);
    await waitUntil('it runs', async () => one.says.test(service.said()), 60_000);
    service.child.stdin?.write('\u0003');
    expect((await service.ended).code).toBe(0);
  });

  it.skipIf(!hasTerminal).each(failing)('$call in a terminal ends with $code', async (one) => {
    const { code, stdout } = await start(one, startInTerminal).ended;
    expect(stdout).toMatch(one.says);
    expect(code).toBe(one.code);
  });
});
