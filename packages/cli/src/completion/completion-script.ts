/** A command as far as completion goes. */
export interface CommandNode {
  readonly name: string;
  readonly options: readonly string[];
  readonly commands: readonly CommandNode[];
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** A script that completes the words of a program, made from its commands: no call of the program is needed to complete. */
export function completionScript(shell: Shell, program: CommandNode): string {
  const nodes = flatten(program, []);
  return shell === 'fish' ? fish(program, nodes) : bash(program, nodes, shell === 'zsh');
}

interface FlatNode {
  /** The words that lead to the command, without the program's name. */
  readonly path: readonly string[];
  readonly words: readonly string[];
}

function flatten(node: CommandNode, path: readonly string[]): FlatNode[] {
  const words = [...node.commands.map(({ name }) => name), ...node.options, '--help'];
  return [
    { path, words },
    ...node.commands.flatMap((child) => flatten(child, [...path, child.name])),
  ];
}

function bash({ name }: CommandNode, nodes: readonly FlatNode[], forZsh: boolean): string {
  const cases = nodes
    .filter(({ path }) => path.length > 0)
    .map(({ path, words }) => `    '${path.join(' ')}') words='${words.join(' ')}' ;;`);
  const known = nodes.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  return [
    ...(forZsh ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    `_${name}() {`,
    `  local current=\${COMP_WORDS[COMP_CWORD]} path='' word words index`,
    '  for ((index = 1; index < COMP_CWORD; index++)); do',
    `    word=\${COMP_WORDS[index]}`,
    `    case "\${path:+$path }$word" in`,
    `      ${known.map((path) => `'${path}'`).join(' | ')}) path="\${path:+$path }$word" ;;`,
    '    esac',
    '  done',
    `  words='${nodes[0]?.words.join(' ') ?? ''}'`,
    '  case "$path" in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    `complete -F _${name} ${name}`,
    '',
  ].join('\n');
}

function fish({ name }: CommandNode, nodes: readonly FlatNode[]): string {
  const lines = nodes.map(({ path, words }) => {
    const children = nodes.filter(
      (node) =>
        node.path.length === path.length + 1 &&
        path.every((word, index) => node.path[index] === word),
    );
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const unseen =
      children.length > 0
        ? [`not __fish_seen_subcommand_from ${children.map((node) => node.path.at(-1)).join(' ')}`]
        : [];
    const condition = [...seen, ...unseen].join('; and ') || 'true';
    return `complete -c ${name} -f -n '${condition}' -a '${words.join(' ')}'`;
  });
  return `${lines.join('\n')}\n`;
}
