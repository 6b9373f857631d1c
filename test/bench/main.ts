#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { Interruption, stopOnSignals } from '@silver/demo';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { openPeer } from './peer/open-peer.ts';
import { peerScenarios } from './peer/peer-scenarios.ts';
import { Refusal } from './refusal.ts';
import { printDrift } from './report/compare-reports.ts';
import { mergeReports } from './report/merge-reports.ts';
import { type BenchReport, readReport, writeReport } from './report/report.ts';
import { writePerformance } from './report/write-performance.ts';
import { runScenarios } from './run-scenarios.ts';
import { allScenarios } from './scenarios/all-scenarios.ts';
import { startBenchServer } from './server/start-bench-server.ts';

const allRows = 10_000_000;
const quickRows = 1_000_000;
/** What `compare` takes unless told another file. */
const baselineFile = fileURLToPath(new URL('baseline.json', import.meta.url));

interface BenchOptions {
  readonly quick?: boolean;
  readonly rows?: number;
  readonly rounds: number;
  readonly seed: number;
  readonly json?: string;
  readonly peer?: string;
  readonly document?: boolean;
}

const stop = new AbortController();
stopOnSignals(stop);
process.exit(await main());

async function main(): Promise<number> {
  try {
    await commandLine().parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2; // commander has already said what was wrong
    }
    if (error instanceof Refusal) {
      console.error(`bench: ${error.message}`);
      return 2;
    }
    const cause: unknown = stop.signal.aborted ? stop.signal.reason : error;
    console.error(
      `bench: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
    );
    return cause instanceof Interruption ? 130 : 1;
  }
}

function commandLine(): Command {
  const names = allScenarios.map(({ name }) => name).join(', ');
  const peerNames = peerScenarios.map(({ name }) => name).join(', ');
  const command = new Command('bench')
    .description('Measures Silver against hand-written SQL, in a PostgreSQL of its own.')
    .argument('[scenario...]', `which: ${names} (default: all)`)
    .option('--quick', `${quickRows} rows instead of ${allRows}`)
    .option('--rows <number>', 'rows of the big data sets', wholeNumber(1_000, 1_000_000_000))
    .option('--rounds <number>', 'interleaved rounds', wholeNumber(1, 100), 3)
    .option('--seed <number>', 'of the synthetic rows', wholeNumber(0, 2 ** 31), 1)
    .option('--json <file>', 'also write everything into a file')
    .option('--peer <url>', `beside a TimescaleDB that you have: ${peerNames} (default: all)`)
    .option('--document', 'also write docs/performance.md from it, and the baseline of compare')
    .addHelpText(
      'after',
      '\nbench compare FILE compares a run with the baseline; bench document FILE… writes docs/performance.md from runs.',
    )
    .showHelpAfterError('(npm run bench -- --help shows how)')
    .exitOverride()
    .action(run);
  command
    .command('compare')
    .description('Shows how far the ratios of a run have moved since another.')
    .argument('<file>', 'what --json wrote')
    .argument('[baseline]', 'another such file, from before', baselineFile)
    .action(async (file: string, baseline: string) => {
      const [before, after] = await Promise.all([readReport(baseline), readReport(file)]);
      printDrift(before, after);
    });
  command
    .command('document')
    .description(
      'Writes docs/performance.md, its pictures and the baseline from one run or several.',
    )
    .argument('<file...>', 'what --json wrote; of a scenario in several, the last counts')
    .action(async (files: readonly string[]) => {
      await document(await Promise.all(files.map((file) => readReport(file))));
    });
  return command;
}

/** What the document says and what the baseline holds is always of the same runs. */
async function document(reports: readonly BenchReport[]): Promise<void> {
  const merged = mergeReports(reports);
  await writePerformance(merged);
  await writeReport(baselineFile, merged);
}

async function run(names: readonly string[], options: BenchOptions, command: Command) {
  const { peer } = options;
  const known = peer === undefined ? allScenarios : peerScenarios;
  const unknown = names.filter((name) => !known.some((one) => one.name === name));
  if (unknown.length > 0) {
    const where = peer === undefined ? '' : ' to run beside a peer';
    command.error(`error: there is no scenario ${unknown.join(', ')}${where}`);
  }
  if (options.document === true && (names.length > 0 || peer !== undefined)) {
    command.error(
      'error: --document is for a run of everything; give a part to bench document, after the baseline',
    );
  }
  const report = await runScenarios({
    scenarios: known.filter(({ name }) => names.length === 0 || names.includes(name)),
    rows: options.rows ?? (options.quick === true ? quickRows : allRows),
    rounds: options.rounds,
    seed: options.seed,
    signal: stop.signal,
    say: console.log,
    keep: async (soFar) => {
      if (options.json !== undefined) {
        await writeReport(options.json, soFar);
      }
    },
    open: peer === undefined ? startBenchServer : (own) => openPeer({ ...own, url: peer }),
  });
  if (options.document === true) {
    await document([report]);
  }
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
