import { Command, InvalidArgumentError } from 'commander';

export interface DemoOptions {
  /** How many flights to load, from the beginning of the file. */
  readonly rows: number;
  /** Leave everything running afterwards, until Ctrl-C. */
  readonly keep: boolean;
}

/** Parses the command line. Commander prints help and complaints, and throws. */
export function parseDemoOptions(argv: readonly string[], allRows: number): DemoOptions {
  const command = new Command('demo')
    .description(
      'Rolls 3,000,000 real flights up with one scheduler and two workers on a PostgreSQL of its own, changes the ' +
        'source half-way, and checks every bucket against DuckDB. Leaves nothing behind.',
    )
    .option(
      '--rows <number>',
      'load only the first flights of the file',
      wholeRows(allRows),
      allRows,
    )
    .option(
      '--keep',
      'leave all running afterwards and print the connection string; Ctrl-C ends it',
      false,
    )
    .showHelpAfterError('(npm run demo -- --help shows how)')
    .exitOverride();
  command.parse([...argv]);
  return command.opts<DemoOptions>();
}

function wholeRows(allRows: number): (text: string) => number {
  return (text) => {
    const rows = Number(text);
    if (!Number.isInteger(rows) || rows < 1 || rows > allRows) {
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${allRows}.`);
    }
    return rows;
  };
}
