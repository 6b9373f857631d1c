#!/usr/bin/env node
import { randomInt } from 'node:crypto';
import { Interruption, stopOnSignals } from '@silver/demo';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { openArena } from './open-arena.ts';
import { printReport } from './print-report.ts';
import { type ChaosReport, runChaos } from './run-chaos.ts';
import { type Sabotage, sabotages } from './sabotages.ts';

interface Options {
  readonly seed: number;
  readonly seconds: number;
  readonly writers: number;
  readonly workers: number;
  readonly schedulers: number;
  readonly sabotage?: Sabotage | 'list';
}

process.exit(await main());

async function main(): Promise<number> {
  const stop = new AbortController();
  stopOnSignals(stop);
  try {
    const { sabotage, ...options } = parseCommandLine();
    if (sabotage === 'list') {
      listSabotages();
      return 0;
    }
    const { signal } = stop;
    const sabotaged = sabotage === undefined ? '' : `, sabotaged: ${sabotage.takesOut}`;
    console.log(`chaos: seed ${options.seed}, ${options.seconds} s${sabotaged}`);
    await using arena = await openArena({ ...options, signal });
    const report = await runChaos(arena, { ...options, sabotage, signal, say: console.log });
    printReport(report);
    return exitCode(report);
  } catch (error) {
    return explain(stop.signal.aborted ? stop.signal.reason : error);
  }
}

function listSabotages(): void {
  for (const { name, takesOut } of sabotages) {
    console.log(`${name.padEnd(30)}${takesOut}`);
  }
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2; // commander has already said what was wrong
  }
  console.error(`chaos: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  return error instanceof Interruption ? 130 : 2;
}

/** A run that compared nothing has shown nothing. */
function exitCode({ buckets, mismatches, snapshots, stuck }: ChaosReport): number {
  return mismatches > 0 || stuck !== null || snapshots === 0 || buckets === 0 ? 1 : 0;
}

function parseCommandLine(): Options {
  const command = new Command('chaos')
    .description(
      'Writes to a source in every way, breaks PostgreSQL, schedulers and workers meanwhile, and compares every live view with its source, snapshot after snapshot; when all has come to rest, every table too. Exit 1 on a mismatch, or when nothing was compared.',
    )
    .option(
      '--seed <number>',
      'fixes the schedule of writes and faults (default: a fresh one)',
      whole(0, 2 ** 31 - 1),
    )
    .option('--seconds <number>', 'how long', whole(1, 1_000_000), 60)
    .option('--writers <number>', 'connections that write', whole(1, 100), 4)
    .option('--workers <number>', 'worker processes', whole(1, 50), 3)
    .option('--schedulers <number>', 'scheduler processes', whole(1, 50), 2)
    .option(
      '--sabotage <name>',
      'takes a mechanism out and stops at the first mismatch, which there must be; list names them',
      sabotageNamed,
    )
    .showHelpAfterError('(npm run chaos -- --help shows how)')
    .exitOverride();
  command.parse(process.argv);
  const options = command.opts<Omit<Options, 'seed'> & { readonly seed?: number }>();
  return { ...options, seed: options.seed ?? randomInt(2 ** 31) };
}

function sabotageNamed(name: string): Sabotage | 'list' {
  const sabotage = name === 'list' ? name : sabotages.find((one) => one.name === name);
  if (sabotage === undefined) {
    throw new InvalidArgumentError('--sabotage list names them.');
  }
  return sabotage;
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
