import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';
import { type CommandCase, cases } from './cases.ts';
import {
  type CommandRun,
  columns,
  hasTerminal,
  startInTerminal,
  startPiped,
} from './run-command.ts';
import { services } from './services.ts';

let prepared: TestDatabase;
let empty: TestDatabase;

beforeAll(async () => {
  prepared = await createTestDatabase();
  empty = await createTestDatabase({ migrated: false });
  await prepared.query(`
    create table public.readings (at timestamptz not null, device text not null, value integer not null);
    create index on public.readings (at);
    insert into public.readings
      select timestamptz '2026-02-01Z' + i * interval '1 minute', 'd' || i % 3, i % 100 from generate_series(0, 40 * 1440) i;
    analyze public.readings;
    select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2026-03-01', dimensions => '{device}');
    select silver.create_rollup_table('public.hourly', 'public', 'daily', '1 day', start_from => '2026-03-01')`);
  await prepared.query('call silver.run_rollups()');
}, 120_000);
afterAll(async () => {
  await prepared.drop();
  await empty.drop();
});

/** Commands change what they find: what a case needs is put there before each of its calls. */
async function run(
  { after, args = [], before, command, on }: CommandCase,
  start: typeof startPiped,
  more: readonly string[] = [],
): Promise<CommandRun> {
  for (const statement of before?.split(/;(?![^$]*\$\$;)/) ?? []) {
    if (statement.trim() !== '') {
      await prepared.query(statement);
    }
  }
  const url = {
    empty: empty.url,
    nowhere: 'postgres://nobody@127.0.0.1:1/nothing',
    prepared: prepared.url,
  }[on ?? 'prepared'];
  const running = start(url, [...command.split(' '), ...args, ...more]);
  running.child.stdin?.end();
  const ended = await running.ended;
  if (after !== undefined) {
    await prepared.query(after);
  }
  return ended;
}

const told = cases.map((one) => ({
  ...one,
  call: [one.command, ...(one.args ?? []), one.on ?? ''].join(' ').trim(),
}));

describe('silver, piped', () => {
  it.each(told)('$call ends with $code', async (one) => {
    const { code, stderr, stdout } = await run(one, startPiped);
    expect(stdout + stderr).toMatch(one.says);
    expect(code).toBe(one.code);
    // No escape sequence, though CI is set.
    expect(stdout + stderr).toBe(stripVTControlCharacters(stdout + stderr));
    // What went wrong is told on standard error, so that it is not taken for the answer.
    if (one.code !== 0 && one.code !== 5) {
      expect(stdout).toBe('');
    }
  });

  it.each(told.filter(({ json }) => json !== undefined))(
    '$call --json is for programs',
    async (one) => {
      const { code, stderr, stdout } = await run(one, startPiped, ['--json']);
      expect(stderr).toBe('');
      expect(code).toBe(one.code);
      const given: unknown = JSON.parse(stdout);
      expect(given).toEqual(loosely(one.json));
    },
  );

  it.each(told.filter(({ code }) => code === 1 || code === 3 || code === 4))(
    '$call --json tells its error as json',
    async (one) => {
      const { stderr } = await run(one, startPiped, ['--json']);
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: expect.any(String), message: expect.any(String) },
      });
    },
  );
});

describe.skipIf(!hasTerminal)('silver, in a terminal', () => {
  // In a terminal uninstall asks, unless --yes is given, and waits: watch.test.ts answers.
  it.each(told.filter(({ args, command }) => command !== 'uninstall' || args !== undefined))(
    '$call ends with $code',
    async (one) => {
      const { code, stdout } = await run(one, startInTerminal);
      const plain = stripVTControlCharacters(stdout);
      expect(unwrapped(plain)).toMatch(one.says);
      expect(code).toBe(one.code);
      if (one.paints !== undefined) {
        const [colour, text] = one.paints;
        expect(stdout).toContain(`\u001b[${colour}m${text}`);
      }
      // Tables and status fit its columns; messages are for the terminal to wrap.
      for (const line of plain.split('\n').filter((text) => /^[│┌├└]|^public\./.test(text))) {
        expect(line.trimEnd().length).toBeLessThanOrEqual(columns);
      }
    },
  );
});

it.skipIf(hasTerminal)(
  'SKIPPED: no pseudo-terminal here, for there is no script of util-linux',
  () => {
    process.stderr.write(
      'test/e2e/cli: commands were not tried in a terminal: install util-linux\n',
    );
  },
);

it('tries every command there is, and each on an error', async () => {
  const { stdout } = await run(
    { command: 'completion', args: ['bash'], code: 0, says: /./ },
    startPiped,
  );
  const known = [...stdout.matchAll(/^ {4}'([a-z -]+)'\) words='([^']*)'/gm)];
  const groups = known.filter(([, , words]) => !words?.startsWith('--')).map(([, name]) => name);
  const commands = known.map(([, name]) => name ?? '').filter((name) => !groups.includes(name));
  // That uninstall succeeds is in watch.test.ts, that up does in up.test.ts: they leave nothing to try others on.
  const tried = [...cases, ...services, { command: 'uninstall', code: 0 }];
  expect(commands.length).toBeGreaterThan(25);
  expect(
    commands.filter((name) => !tried.some(({ code, command }) => command === name && code === 0)),
  ).toEqual([]);
  expect(
    commands.filter((name) => !tried.some(({ code, command }) => command === name && code !== 0)),
  ).toEqual([]);
});

/** Objects may have more keys than are told; lists have as many elements. */
function loosely(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? expect.any(Array) : value.map(loosely);
  }
  if (typeof value === 'object' && value !== null && !('asymmetricMatch' in value)) {
    return expect.objectContaining(
      Object.fromEntries(Object.entries(value).map(([key, part]) => [key, loosely(part)])),
    );
  }
  return value;
}

/** What a table or the status had to break to fit, in one piece: cells of one row are read one line after the other. */
function unwrapped(text: string): string {
  return `${text}\n${text.replaceAll(/\n {2}(?=\S)/g, ' ')}`;
}
