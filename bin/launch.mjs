#!/usr/bin/env node
// Runs one of the repository's commands with nothing but Node ≥ 20 and npm on
// the machine: installs what is missing, then hands over to Node 24.
//
// Plain JavaScript, for the Node that starts it may be too old for TypeScript.
// Every signal it receives is passed on to the command exactly once, and it
// ends when the command ends, with the command's exit code. The command runs
// in a session of its own: otherwise Ctrl-C would reach it once from the
// terminal, once from npm and once from here. Should this process be killed,
// exit-with-launcher.mjs ends the command.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installToolchain, root } from './install-toolchain.mjs';
import { runCommand } from './run-command.mjs';

/** @type {Record<string, { does: string, usage: string, run: string[], node?: string[], ownHelp?: boolean }>} */
const commands = {
  demo: {
    does: 'rolls 3,000,000 real rows up in a real PostgreSQL and checks every bucket',
    usage: '[options]',
    run: ['packages/demo/src/main.ts'],
    ownHelp: true,
  },
  test: {
    does: 'runs the tests, or those whose path contains PATH; the last line counts them',
    usage: '[PATH…] [options of vitest, e.g. -t NAME]',
    run: ['bin/test.ts'],
  },
  silver: {
    does: 'the command line of Silver, against the database in DATABASE_URL',
    usage: 'COMMAND [options]',
    run: ['packages/cli/src/main.ts'],
    node: ['--v8-pool-size=1'], // as its first line has it
    ownHelp: true,
  },
  bench: {
    does: 'measures Silver against hand-written SQL in the same server',
    usage: '[options]',
    run: ['test/bench/main.ts'],
    ownHelp: true,
  },
  chaos: {
    does: 'breaks PostgreSQL and the fleet while applications write, and compares every snapshot',
    usage: '[options]',
    run: ['test/chaos/main.ts'],
    ownHelp: true,
  },
  soak: {
    does: 'runs a fleet over steady ingest, half an hour by default, and says what grew that should not',
    usage: '[--minutes N] [--rollups N]',
    run: ['test/soak/main.ts'],
  },
  check: {
    does: 'types, lint, formatting, dead code, dependency direction, links in the docs, SQL in TypeScript',
    usage: '[CHECK…]   types, lint, dead, direction, links, sql',
    run: ['bin/check.ts'],
  },
  docs: {
    does: 'writes what the documents say about the code: the reference and the tables of settings',
    usage: '',
    run: ['test/docs/main.ts'],
  },
  spec: {
    does: 'runs the usage examples of the specification from the top of an empty database',
    usage: '',
    run: ['test/spec/main.ts'],
  },
  build: {
    does: 'compiles the packages for publishing; nothing here needs it to run',
    usage: '',
    run: ['node_modules/turbo/bin/turbo', 'run', 'build'],
  },
};

await main(process.argv[2], process.argv.slice(3));

/** @param {string | undefined} name @param {string[]} args */
async function main(name, args) {
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || command === undefined) {
    const known = Object.entries(commands).map(([key, { does }]) => `  ${key.padEnd(8)}${does}`);
    console.error(['usage: npm run COMMAND -- [options]', '', ...known].join('\n'));
    process.exit(name === undefined || name === '--help' ? 0 : 2);
  }
  if (!command.ownHelp && (args.includes('--help') || args.includes('-h'))) {
    console.log(`npm run ${name} -- ${command.usage}\n\n${command.does}`);
    return;
  }
  await installToolchain();
  const script = join(root, command.run[0] ?? '');
  if (!existsSync(script)) throw new Error(`${script} is missing: is this clone complete?`);
  runCommand(script, [...command.run.slice(1), ...args], command.node);
}
