// Installs, beneath the repository and nowhere else, the pnpm that package.json
// names and then the locked dependencies, Node 24 among them. Does nothing when
// the lockfile and the manifests are those of the last installation.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const toolchain = join(root, '.toolchain');
const stamp = join(root, 'node_modules', '.silver-installed');
const lock = join(toolchain, 'installing.pid');
const lockPollMs = 200;
const pnpm = pinnedPnpm();

/** What npm was told about where packages come from; the rest of npm_* is npm's own business. */
const registrySettings = [
  'npm_config_ca',
  'npm_config_cafile',
  'npm_config_cache',
  'npm_config_globalconfig',
  'npm_config_https_proxy',
  'npm_config_noproxy',
  'npm_config_proxy',
  'npm_config_registry',
  'npm_config_strict_ssl',
  'npm_config_userconfig',
];

/** Makes node_modules what the lockfile says; several may ask at once. */
export async function installToolchain() {
  const wanted = fingerprint();
  if (installed() === wanted) return;
  await withLock(async () => {
    if (installed() === wanted) return;
    await installPnpm();
    console.error('silver: installing the locked dependencies');
    await execute(pnpm.binary, [
      'install',
      '--frozen-lockfile',
      '--config.confirm-modules-purge=false',
    ]);
    requireNode24();
    writeFileSync(stamp, wanted);
  });
}

/**
 * The environment a command of the repository runs in: Node 24 first on PATH,
 * nothing of npm's left, no telemetry of tools.
 * @param {NodeJS.ProcessEnv} from
 * @returns {NodeJS.ProcessEnv}
 */
export function commandEnvironment(from = process.env) {
  const kept = Object.entries(from).filter(([name]) => !/^npm_/i.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: writableHome(),
    PATH: [join(root, 'node_modules', '.bin'), dirname(pnpm.binary), from['PATH']]
      .filter(Boolean)
      .join(delimiter),
    DO_NOT_TRACK: '1',
    // Node keeps what it made of our TypeScript: a program starts in a third of the time, and is 30 MB smaller.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'),
    TURBO_NO_UPDATE_NOTIFIER: '1',
    TURBO_TELEMETRY_DISABLED: '1',
  };
}

/** Changes whenever an installation would: lockfile, workspace, manifests, platform. */
export function fingerprint() {
  const manifests = readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join('packages', entry.name, 'package.json'));
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'test/package.json'];
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of [...files, ...manifests.sort()]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function installed() {
  return readIfThere(stamp);
}

function pinnedPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const directory = join(toolchain, String(packageManager).replace('@', '-'));
  const binary = join(directory, 'node_modules', '.bin', 'pnpm');
  return { specifier: String(packageManager), directory, binary };
}

/** Installs the pinned pnpm with npm, aside and then renamed: a half-made one is never used. */
async function installPnpm() {
  if (existsSync(pnpm.binary)) return;
  console.error(`silver: installing ${pnpm.specifier}`);
  const aside = mkdtempSync(join(toolchain, 'new-'));
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  await execute('npm', [
    'install',
    ...quiet,
    '--no-package-lock',
    '--prefix',
    aside,
    pnpm.specifier,
  ]);
  rmSync(pnpm.directory, { recursive: true, force: true });
  renameSync(aside, pnpm.directory);
}

/** No package brings Node to this platform: then the one that runs must do. */
function requireNode24() {
  const bundled = existsSync(join(root, 'node_modules', '.bin', 'node'));
  const major = Number(process.versions.node.split('.')[0]);
  if (bundled || major >= 24) return;
  const here = `${process.platform} ${process.arch}`;
  throw new Error(
    `Silver needs Node 24; no npm package has it for ${here}, and this is ${process.version}`,
  );
}

/**
 * Runs an installer to its end. Its output goes to standard error: standard
 * output belongs to the command that is to run.
 * @param {string} file @param {string[]} args
 * @returns {Promise<void>}
 */
function execute(file, args) {
  const settings = registrySettings.flatMap((name) => {
    const value = process.env[name];
    return value === undefined
      ? []
      : [
          [name, value],
          [name.replace(/^npm/, 'pnpm'), value],
        ];
  });
  const env = { ...commandEnvironment(), ...Object.fromEntries(settings) };
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(new Error(`${file} ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}

/**
 * Keeps two commands started together from installing over each other. The
 * lock names its holder, so one left by a killed process is taken over.
 * @param {() => Promise<void>} work
 */
async function withLock(work) {
  mkdirSync(toolchain, { recursive: true });
  while (!takeLock()) await new Promise((resolve) => setTimeout(resolve, lockPollMs));
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock() {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock); // atomic: a lock is never there without its holder's name
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    if (!isAlive(Number(readIfThere(lock) ?? process.pid))) rmSync(lock, { force: true });
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** npm and pnpm keep caches at home; a user without one gets one here. */
function writableHome() {
  try {
    accessSync(homedir(), constants.W_OK);
    return homedir();
  } catch {
    const home = join(toolchain, 'home');
    mkdirSync(home, { recursive: true });
    return home;
  }
}
