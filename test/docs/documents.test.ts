import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codeBlocks } from './script/code-blocks.ts';
import { useExampleDatabases } from './script/example-database.ts';
import { parseCommands, type ShellCommand } from './script/parse-commands.ts';

const root = join(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/*.md', 'docs/runbooks/*.md', 'deploy/**/*.md'], {
  cwd: root,
}).toSorted();
/** Who reads these has no table yet; the others start from the setup of the reference. */
const fromNothing = ['README.md', 'docs/first-rollup.md'];
const blocksOf = (document: string, language: string) =>
  codeBlocks(readFileSync(join(root, document), 'utf8'), language);

describe('the SQL of the documents', () => {
  const databases = useExampleDatabases();
  const withSql = documents.filter((document) => blocksOf(document, 'sql').length > 0);

  it.for(withSql)('%s runs from top to bottom and gives what it says', async (document) => {
    const script = blocksOf(document, 'sql').join('\n');
    const start = fromNothing.includes(document) ? 'nothing' : 'setup';
    expect(await databases.run(script, start)).toEqual([]);
  });
});

describe('the commands of the documents', () => {
  const commands = documents.flatMap((document) =>
    blocksOf(document, 'sh')
      .flatMap(parseCommands)
      .map((command) => ({ document, command })),
  );
  const scripts: Record<string, string> = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ).scripts;

  it.for(commands)('$document: $command.text', async ({ command }) => {
    expect(await problemsOf(command, scripts)).toEqual([]);
  });
});

/** Programs of PostgreSQL, of containers and of the shell that a reader has. */
const foreign = new Set(['cd', 'docker', 'export', 'initdb', 'kubectl', 'pg_ctl']);
/** Variables that tests read, or OpenTelemetry. */
const testVariables = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'TEST_DATABASE_URL',
  'TEST_CONTAINERS',
  'TEST_POSTGRES_VERSION',
  'SILVER_TEST_BACKFILL',
  'SILVER_TEST_SEED',
];

async function problemsOf(
  { program, script, args, variables }: ShellCommand,
  scripts: Record<string, string>,
): Promise<string[]> {
  const known = [...readSettings(), ...testVariables];
  const problems = Object.keys(variables)
    .filter((name) => !known.includes(name))
    .map((name) => `nothing reads ${name}`);
  if (script === undefined) {
    const exists = foreign.has(program) || existsSync(join(root, program));
    return exists ? problems : [...problems, `there is no ${program}`];
  }
  if (scripts[script] === undefined) {
    return [...problems, `there is no script ${script}`];
  }
  return [...problems, ...(await unknownFlags(script, args)), ...missingPaths(script, args)];
}

/** Commands of the silver program that have commands of their own. */
const groups = ['backfill', 'dead', 'rollup', 'track'];

/** Commands and flags that the help does not name. */
async function unknownFlags(script: string, args: readonly string[]): Promise<string[]> {
  const flags = args.filter((arg) => arg.startsWith('-')).map((arg) => arg.replace(/=.*/, ''));
  const command = script === 'silver' ? args.slice(0, groups.includes(args[0] ?? '') ? 2 : 1) : [];
  const words = command.filter((word) => !word.startsWith('-'));
  const launch = ['bin/launch.mjs', script, ...words, '--help'];
  const { stdout } = await promisify(execFile)(process.execPath, launch, { cwd: root });
  const usage = ['Usage: silver', ...words].join(' ');
  return [
    ...(script === 'silver' && !stdout.startsWith(usage)
      ? [`there is no command ${words.join(' ')}`]
      : []),
    ...flags
      .filter((flag) => flag !== '--help' && !new RegExp(`(^|[\\s,[])${flag}\\b`).test(stdout))
      .map((flag) => `there is no ${flag}`),
  ];
}

function missingPaths(script: string, args: readonly string[]): string[] {
  return script !== 'test'
    ? []
    : args.filter((arg) => !arg.startsWith('-') && !existsSync(join(root, arg)));
}

function readSettings(): string[] {
  return [
    ...readFileSync(join(root, 'docs/configuration.md'), 'utf8').matchAll(/^\| `([A-Z_]+)`/gm),
  ].map(([, name]) => name ?? '');
}
