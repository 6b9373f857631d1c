import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { binariesOf } from '@silver/shared/embedded-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endProcess, startSilver } from '../integration/silver-under-test.ts';
import { useDatabase } from '../support/use-database.ts';
import { codeBlocks } from './script/code-blocks.ts';
import { parseCommands, type ShellCommand } from './script/parse-commands.ts';
import { runScript } from './script/run-script.ts';

const root = join(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/*.md', 'docs/runbooks/*.md', 'deploy/**/*.md'], {
  cwd: root,
}).toSorted();
/** What a block exports holds for the commands after it; the database is the test's, and ports are free ones. */
const ofTheTest = ['DATABASE_URL', 'SILVER_STATUS_PORT'];

interface Call extends ShellCommand {
  readonly exported: Readonly<Record<string, string>>;
}

/** Every command of the documents, in their order, once. */
const commands: readonly Call[] = [
  ...new Map(
    documents
      .flatMap((path) => codeBlocks(readFileSync(join(root, path), 'utf8'), 'sh'))
      .flatMap(exportingCommands)
      .map((call) => [call.text, call]),
  ).values(),
];
const calls = commands
  .filter(({ script }) => script === 'silver')
  .map((call) => ({ ...call, silver: call.args.join(' ') }));
/** What takes Silver away comes last. */
const inOrder = [
  ...calls.filter(({ silver }) => !silver.startsWith('uninstall')),
  ...calls.filter(({ silver }) => silver.startsWith('uninstall')),
];

/**
 * Commands that are run in another size or another test, for they take minutes or would run this very test within itself.
 * Those of `small` are run below as they stand here.
 */
const small: readonly (readonly [RegExp, string])[] = [
  [/^npm run chaos\b/, 'chaos --seconds 1 --seed 1'],
  [/^npm run bench -- --/, 'bench --rows 1000 --rounds 1 --json after.json flights'],
  [/^npm run bench -- compare\b/, 'bench compare after.json'],
  [/^npm run check\b/, 'check links direction'],
  [/^TEST_POSTGRES_VERSION=18 npm test$/, 'test test/sql/time_bucket'],
];
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^npm test\b/, '.ci/run'],
  [/^\.ci\/run$/, '.ci/run'],
  [/^npm run docs$/, 'test/docs/generated.test.ts'],
  [/^npm run spec$/, 'test/spec/spec.test.ts'],
  [/^npm run bench -- document\b/, 'test/bench/report/write-performance.test.ts'],
  [/^npm run demo$/, 'test/e2e/demo.test.ts'],
];
/** What no test runs. The README says so, under "What was not tried". */
const notRun: readonly RegExp[] = [
  /^docker /, // There is no engine for containers.
  /^kubectl /,
  /^TEST_CONTAINERS=1 /,
  /^npm run soak /, // It waits for minutes to pass. Its verdict has a test.
];
const ownServer = /^(initdb|pg_ctl|TEST_DATABASE_URL=\S+ npm test)\b/;
const runsUntilStopped = /^(up|console|scheduler|worker|backfill watch)\b/;
const saysItRuns = /started|http:\/\/|buckets/;

describe('the commands of the documents', () => {
  it('are all run, here or in a test that is named, but for those that are listed', () => {
    const ways = ({ args, script, text }: Call) => [
      ...(script === 'silver' ? ['here'] : []),
      ...(text.startsWith('export ') && args.length === 0 ? ['here'] : []),
      ...(ownServer.test(text) ? ['here'] : []),
      ...small.filter(([pattern]) => pattern.test(text)),
      ...elsewhere.filter(([pattern]) => pattern.test(text)),
      ...notRun.filter((pattern) => pattern.test(text)),
    ];
    const wrong = commands.filter((call) => ways(call).length !== 1);
    expect(wrong.map(({ text }) => text)).toEqual([]);
    const patterns = [...[...small, ...elsewhere].map(([pattern]) => pattern), ...notRun];
    const idle = patterns.filter((pattern) => !commands.some(({ text }) => pattern.test(text)));
    expect(idle).toEqual([]);
    expect(elsewhere.filter(([, file]) => !existsSync(join(root, file)))).toEqual([]);
  });
});

describe('the commands of the documents, run', { timeout: 300_000 }, () => {
  const database = useDatabase();
  const processes: ChildProcess[] = [];
  // As root PostgreSQL runs as somebody else, who has to get there.
  const folder = mkdtempSync(join(tmpdir(), 'silver-docs-'));
  chmodSync(folder, 0o755);
  beforeAll(async () => {
    const setup = readFileSync(join(root, 'docs/reference/setup.sql'), 'utf8');
    expect(await runScript(database.url, setup)).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  it.for(inOrder)('silver $silver', async ({ exported, silver }) => {
    const args = (await onFreePort(silver)).split(' ');
    const child = startSilver(database.url, args, { LOG_LEVEL: 'info', ...exported }, folder);
    processes.push(child);
    const output: string[] = [];
    const runs = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (data) => {
          output.push(String(data));
          if (saysItRuns.test(output.join(''))) resolve();
        });
      }
    });
    const ended = once(child, 'exit');
    if (runsUntilStopped.test(silver)) {
      await Promise.race([runs, ended]);
      expect(output.join('')).toMatch(saysItRuns);
      child.kill('SIGINT');
    }
    const [code] = await ended;
    expect([code, output.join('')]).toEqual([0, expect.stringMatching(/\S/)]);
  });

  it.for(small)('in small: %s as npm run %s', async ([pattern, call]) => {
    const written = commands.find(({ text }) => pattern.test(text));
    const inFolder = call.replace(/\S+(?=\.json)/g, join(folder, 'report'));
    expect(await launch(inFolder, written?.variables)).toEqual([0, expect.stringMatching(/\S/)]);
  });

  it('tests with a PostgreSQL of the machine, made, started and stopped as it is written', async () => {
    const home = join(folder, 'machine');
    mkdirSync(home);
    const binaries = join(home, 'postgres');
    const entry = `embedded-postgres-18-${process.platform}-${process.arch}`;
    const native = binariesOf(createRequire(import.meta.url).resolve(entry));
    cpSync(native, binaries, { recursive: true, verbatimSymlinks: true });
    const isRoot = process.getuid?.() === 0;
    const nobody = 65_534;
    if (isRoot) chownSync(home, nobody, nobody);
    const port = String(await freePort());
    const here = (text: string) =>
      text
        .replaceAll('/tmp/silver-pg', join(home, 'server'))
        .replaceAll('/tmp ', `${home} `)
        .replaceAll('5433', port);
    const server = ({ text }: Call) =>
      outcomeOf(
        spawn('/bin/sh', ['-c', here(text)], {
          cwd: home,
          env: { ...outside, PATH: [join(binaries, 'bin'), outside['PATH']].join(delimiter) },
          ...(isRoot && { uid: nobody, gid: nobody }),
          // What the server inherits stays open.
          stdio: 'ignore',
        }),
      );
    const steps = commands.filter(({ text }) => ownServer.test(text));
    expect(steps.map(({ program }) => program)).toEqual(['initdb', 'pg_ctl', 'npm', 'pg_ctl']);
    try {
      for (const step of steps.slice(0, 2)) {
        expect([step.text, (await server(step))[0]]).toEqual([step.text, 0]);
      }
      const url = here(steps[2]?.variables['TEST_DATABASE_URL'] ?? '');
      const tried = await launch('test test/sql/time_bucket', { TEST_DATABASE_URL: url });
      expect(tried).toEqual([0, expect.stringMatching(/[1-9]\d* passed, 0 failed\s*$/)]);
    } finally {
      expect((await server(steps[3] as Call))[0]).toBe(0);
    }
  });
});

/** The environment of somebody outside of the tests. */
const outside: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST_|SILVER_TEST_|NODE_ENV|DATABASE_URL)/.test(name),
  ),
);

/** Runs `npm run …`, as npm would. */
function launch(call: string, variables: Readonly<Record<string, string>> = {}) {
  const launcher = join(root, 'bin/launch.mjs');
  const child = spawn(process.execPath, [launcher, ...call.split(' ')], {
    cwd: root,
    env: { ...outside, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outcomeOf(child);
}

async function outcomeOf(child: ChildProcess): Promise<readonly [number | null, string]> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      said += data;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return [code, said];
}

function exportingCommands(block: string): Call[] {
  let exported: Readonly<Record<string, string>> = {};
  return parseCommands(block).map((command) => {
    if (command.program === 'export') {
      const told = Object.entries(command.variables).filter(([name]) => !ofTheTest.includes(name));
      exported = { ...exported, ...Object.fromEntries(told) };
    }
    return { ...command, exported };
  });
}

/** A port that a document names, or that is the default, may be taken here. */
async function onFreePort(call: string): Promise<string> {
  const free = call.replace(/ --port \d+/, '');
  if (call.startsWith('up')) return `${free} --port ${await freePort()}`;
  return call.startsWith('console') ? `${free} --port 0` : free;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
