#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { countFlights, Interruption, stopOnSignals } from '@silver/demo';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { describeMachine, printResult } from './print-result.ts';
import type { Scenario } from './scenario.ts';
import { fill } from './scenarios/fill.ts';
import { serverSettings, startLoadedServer } from './start-loaded-server.ts';
import { summarizeRatios, summarizeVariants } from './summarize.ts';

const scenarios: readonly Scenario[] = [fill];

interface BenchOptions {
  readonly rows: number;
  readonly rounds: number;
  readonly json?: string;
}

process.exit(await main());

async function main(): Promise<number> {
  const stop = new AbortController();
  stopOnSignals(stop);
  try {
    await bench(await parseCommandLine(), stop.signal);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2; // commander has already said what was wrong
    }
    const cause: unknown = stop.signal.aborted ? stop.signal.reason : error;
    console.error(
      `bench: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
    );
    return cause instanceof Interruption ? 130 : 1;
  }
}

async function bench(
  { chosen, json, rounds, rows }: BenchOptions & { readonly chosen: readonly Scenario[] },
  signal: AbortSignal,
): Promise<void> {
  await using server = await startLoadedServer(rows, signal, console.log);
  const machine = describeMachine(server.version);
  const report = [];
  for (const scenario of chosen) {
    const settings = { ...machine, ...serverSettings, ...scenario.settings, rows: String(rows) };
    console.log(
      Object.entries(settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    );
    const { copies } = server;
    const measurements = await scenario.run({ copies, rounds, rows, signal, say: console.log });
    const variants = summarizeVariants(measurements);
    const ratios = summarizeRatios(measurements, scenario.ratios);
    printResult(scenario, measurements, variants, ratios);
    report.push({ scenario: scenario.name, settings, measurements, variants, ratios });
  }
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  }
}

async function parseCommandLine(): Promise<BenchOptions & { chosen: readonly Scenario[] }> {
  const allRows = await countFlights();
  const command = new Command('bench')
    .description(
      'Measures Silver against hand-written SQL on real flights, in a PostgreSQL of its own.',
    )
    .argument(
      '[scenario...]',
      `which: ${scenarios.map(({ name }) => name).join(', ')} (default: all)`,
    )
    .option('--rounds <number>', 'interleaved rounds', wholeNumber(1, 100), 3)
    .option('--rows <number>', 'flights to load', wholeNumber(1, allRows), allRows)
    .option('--json <file>', 'also write everything measured into a file')
    .showHelpAfterError('(npm run bench -- --help shows how)')
    .exitOverride();
  command.parse(process.argv);
  const unknown = command.args.filter((name) => !scenarios.some((one) => one.name === name));
  if (unknown.length > 0) {
    command.error(`error: there is no scenario ${unknown.join(', ')}`);
  }
  const chosen = scenarios.filter(
    ({ name }) => command.args.length === 0 || command.args.includes(name),
  );
  return { ...command.opts<BenchOptions>(), chosen };
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
