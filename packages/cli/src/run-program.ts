import { type Command, CommanderError } from 'commander';
import { exitCodeOf, explainError } from './explain-error.ts';

/**
 * Runs the command line and resolves with the exit code. Every error ends here: as one message with its remedy on
 * standard error, or as json there when `--json` was asked for.
 */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  overrideExit(program);
  try {
    await program.parseAsync([...argv]);
    // A command that runs until it is stopped says itself how it ended.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : 2; // commander has already said what was wrong
    }
    process.stderr.write(`${explainError(error, argv.includes('--json'))}\n`);
    return exitCodeOf(error);
  }
}

function overrideExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) {
    overrideExit(child);
  }
}
