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

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandEnvironment, installToolchain, root } from './install-toolchain.mjs';

/** @type {Record<string, { does: string, usage: string, run: string[], ownHelp?: boolean }>} */
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
    ownHelp: true,
  },
  bench: {
    does: 'measures Silver against hand-written SQL in the same server',
    usage: '[options]',
    run: ['test/bench/main.ts'],
    ownHelp: true,
  },
  check: {
    does: 'types, lint, formatting, dead code, dependency direction, links in the docs, SQL in TypeScript',
    usage: '[CHECK…]   (see "check:*" in package.json)',
    run: ['bin/check.ts'],
  },
  build: {
    does: 'compiles the packages for publishing; nothing here needs it to run',
    usage: '',
    run: ['node_modules/turbo/bin/turbo', 'run', 'build'],
  },
};

/** Signals that end or inform a command; SIGWINCH lets it redraw its bars. */
const forwardedSignals = /** @type {const} */ ([
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGWINCH',
]);

/** A terminal's Ctrl-C also arrives by way of npm: within this time it is the same key press. */
const sameSignalMs = 500;

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
  run(script, [...command.run.slice(1), ...args]);
}

/** @param {string} script @param {string[]} args */
function run(script, args) {
  const watchdog = fileURLToPath(new URL('./exit-with-launcher.mjs', import.meta.url));
  const child = spawn('node', ['--import', watchdog, script, ...args], {
    cwd: root,
    detached: true,
    env: commandEnvironment(),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  /** @type {Map<NodeJS.Signals, number>} */
  const lastSeen = new Map();
  for (const signal of forwardedSignals) {
    process.on(signal, () => {
      const now = Date.now();
      const repeated = now - (lastSeen.get(signal) ?? 0) < sameSignalMs;
      lastSeen.set(signal, now);
      if (!repeated || signal === 'SIGWINCH') child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`cannot start node: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Die of the same signal, so that the caller sees what happened.
    for (const name of forwardedSignals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
