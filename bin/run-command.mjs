// Runs a script in Node 24 and becomes one with it: its signals, its exit code, its end.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { commandEnvironment, root } from './install-toolchain.mjs';

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

/**
 * Passes every signal on once, and ends this process as the script ended.
 * @param {string} script @param {readonly string[]} args @param {readonly string[]} [options] of node
 */
export function runCommand(script, args, options = []) {
  const watchdog = fileURLToPath(new URL('./exit-with-launcher.mjs', import.meta.url));
  const child = spawn('node', [...options, '--import', watchdog, script, ...args], {
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
      if (!repeated || signal === 'SIGWINCH') {
        child.kill(signal);
      }
    });
  }
  child.on('error', (error) => {
    console.error(`cannot start node: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    // Die of the same signal, so that the caller sees what happened.
    for (const name of forwardedSignals) {
      process.removeAllListeners(name);
    }
    process.kill(process.pid, signal);
  });
}
