import type { Command, Option } from 'commander';
import { type CommandNode, completionScript, shells } from '../completion/completion-script.ts';

/** `silver completion SHELL`: a script by which a shell completes commands and options. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description(
      'print a script by which your shell completes commands and options; source it in its start-up file',
    )
    .argument('<shell>', `one of ${shells.join(', ')}`)
    .action((shell: string, _: object, command: Command) => {
      const known = shells.find((name) => name === shell);
      if (known === undefined) {
        return command.error(
          `error: no completion for "${shell}": it is one of ${shells.join(', ')}`,
        );
      }
      process.stdout.write(completionScript(known, describeCommand(program)));
    });
}

function describeCommand(command: Command): CommandNode {
  return {
    name: command.name(),
    options: command.options.map((option: Option) => option.long ?? option.flags),
    commands: command.commands.map(describeCommand),
  };
}
