/** One command of a shell block. */
export interface ShellCommand {
  readonly text: string;
  readonly program: string;
  /** The script of package.json it runs, by way of npm or pnpm. */
  readonly script: string | undefined;
  readonly args: readonly string[];
  /** Environment variables it sets, with their values. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Reads a shell block as the documents have it: commands a line each, parted by `&&`, comments after ` #`. */
export function parseCommands(block: string): ShellCommand[] {
  return block
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/&&|\|\|?|;/))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseCommand);
}

function parseCommand(text: string): ShellCommand {
  const words = [...text.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word);
  const assigned = words.findIndex((word) => !/^[A-Z_]+=/.test(word) && word !== 'export') >>> 0;
  const variables = words
    .slice(0, assigned)
    .filter((word) => word !== 'export')
    .map((word) => [word.replace(/=.*/, ''), word.replace(/^[^=]*=/, '')]);
  const [program = 'export', ...rest] = words.slice(assigned);
  const { script, args } = scriptOf(program, rest);
  return { text, program, script, args, variables: Object.fromEntries(variables) };
}

function scriptOf(
  program: string,
  words: readonly string[],
): { readonly script: string | undefined; readonly args: readonly string[] } {
  if (program !== 'npm' && program !== 'pnpm') {
    return { script: undefined, args: words };
  }
  const [script, ...args] = words.filter(
    (word) => word !== 'run' && word !== '--silent' && word !== '-s',
  );
  return { script, args: args.filter((word) => word !== '--') };
}
