#!/usr/bin/env node
import { openScreen } from '@silver/cli/screen';
import { CommanderError } from 'commander';
import { countFlights } from './flights/read-flights.ts';
import { type DemoOptions, parseDemoOptions } from './run/demo-options.ts';
import { runDemo } from './run/run-demo.ts';
import { Interruption, stopOnSignals } from './run/until-stopped.ts';

// DuckDB's threads and pg-boss's timers have nothing left to do by now: do not wait for them.
process.exit(await main());

async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseDemoOptions(process.argv, await countFlights());
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2; // commander has already said what was wrong
    }
    throw error;
  }
  const stop = new AbortController();
  stopOnSignals(stop);
  const screen = openScreen(process.stdout);
  try {
    await runDemo(options, screen, stop);
    return 0;
  } catch (error) {
    screen.settle();
    return explain(stop.signal.aborted ? stop.signal.reason : error);
  }
}

function explain(error: unknown): number {
  if (error instanceof Interruption) {
    process.stderr.write(`demo: ${error.message}; nothing was left behind\n`);
    return 130;
  }
  process.stderr.write(`demo: failed: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}
