import { cell, formatProse, type LinkOf } from './format-prose.ts';
import type { HeaderBlock } from './parse-header.ts';
import type { Argument, Routine } from './read-catalog.ts';
import { type Meanings, type RoutineEntry, routineText } from './routine-text.ts';

/** The whole entry, for people who call it. */
export function renderRoutine(entry: RoutineEntry, linkOf: LinkOf, settings: Meanings): string {
  const { blocks, meanings } = routineText(entry, settings);
  const parts = entry.overloads.flatMap((routine) => [
    `\`\`\`text\n${signature(routine)}\n\`\`\``,
    argumentTable(
      'argument',
      routine.arguments.filter(({ mode }) => mode !== 'out'),
      meanings,
      linkOf,
    ),
    argumentTable(
      'returns',
      routine.arguments.filter(({ mode }) => mode !== 'in'),
      meanings,
      linkOf,
    ),
  ]);
  return sections([
    `## ${entry.name}`,
    ...blocks.map((block) => renderBlock(block, linkOf)),
    ...parts,
    facts(entry, linkOf),
    entry.example && `\`\`\`sql\n${entry.example.trim()}\n\`\`\``,
  ]);
}

/** The short entry, for people who read the code. */
export function renderInternal(entry: RoutineEntry, linkOf: LinkOf): string {
  return sections([
    `### ${entry.name}`,
    `\`\`\`text\n${entry.overloads.map(signature).join('\n')}\n\`\`\``,
    ...entry.header.blocks.map((block) => renderBlock(block, linkOf)),
    facts(entry, linkOf),
  ]);
}

export function sections(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

export function renderBlock(block: HeaderBlock, linkOf: LinkOf): string {
  return block.kind === 'paragraph'
    ? formatProse(block.text, linkOf)
    : block.items
        .map(({ term, text }) => {
          const meaning = formatProse(text, linkOf);
          return term === undefined ? `- ${meaning}` : `- \`${term}\`: ${meaning}`;
        })
        .join('\n');
}

function signature(routine: Routine): string {
  const passed = routine.arguments.filter(({ mode }) => mode !== 'out');
  const list = passed.map(({ name, type, default: fallback }) =>
    [name, type, fallback !== null && `default ${bare(fallback)}`].filter(Boolean).join(' '),
  );
  const long = list.join(', ').length > 90;
  const call = long
    ? `silver.${routine.name}(\n  ${list.join(',\n  ')})`
    : `silver.${routine.name}(${list.join(', ')})`;
  return routine.result === null
    ? `CALL ${call}`
    : `${call}${long ? '\n' : ' '}→ ${result(routine)}`;
}

/** A default without the casts that PostgreSQL adds: '00:10:00', null. */
export function bare(fallback: string): string {
  return fallback.replace(/::[a-z ]+(\[\])?/g, '').replace(/\bNULL\b/g, 'null');
}

function result({ result: type, arguments: all }: Routine): string {
  return all.some(({ mode }) => mode === 'out') && type?.startsWith('TABLE')
    ? 'rows'
    : (type ?? '');
}

function argumentTable(
  title: string,
  list: readonly Argument[],
  meanings: Meanings,
  linkOf: LinkOf,
): string | undefined {
  if (list.length === 0) {
    return undefined;
  }
  const withDefault = list.some((argument) => argument.default !== null);
  const withMeaning = list.some(({ name }) => meanings.has(name));
  const columns = [title, 'type', withDefault && 'default', withMeaning && 'meaning'];
  const rows = list.map(({ name, type, default: fallback }) => [
    `\`${name}\``,
    `\`${type}\``,
    withDefault && (fallback === null ? 'required' : `\`${bare(fallback)}\``),
    withMeaning && formatProse(meanings.get(name) ?? '', linkOf),
  ]);
  return markdownTable([columns, ...rows]);
}

/** The first row is the head; false leaves a column out. */
export function markdownTable(rows: readonly (readonly (string | false)[])[]): string {
  const line = (row: readonly (string | false)[]) =>
    `| ${row
      .filter((text) => text !== false)
      .map(cell)
      .join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map((text) => text !== false && '---')), ...body.map(line)].join(
    '\n',
  );
}

function facts({ header, overloads, file }: RoutineEntry, linkOf: LinkOf): string {
  const [routine] = overloads;
  const kind = [
    routine?.kind === 'function' ? routine.volatility : routine?.kind,
    routine?.parallelSafe && 'parallel safe',
    routine?.securityDefiner && 'security definer',
    routine?.closed && 'closed to PUBLIC',
  ];
  const lines = [
    header.errors && `**Errors** ${formatProse(header.errors, linkOf)}`,
    header.locks && `**Locks** ${formatProse(header.locks, linkOf)}`,
    `**Kind** ${kind.filter(Boolean).join(', ')}; source [${file.replace(/^.*\//, '')}](../../${file})`,
  ];
  return lines.filter(Boolean).join('  \n');
}
