import type { QueryArrayResult } from 'pg';

/** Above this many columns a row is written as a list, a column a line. */
const mostColumns = 8;

/** A result as text: a table, or a list for wide rows, and the number of rows. */
export function formatRows({
  command,
  fields,
  rows,
  rowCount,
}: Pick<QueryArrayResult<(string | null)[]>, 'command' | 'fields' | 'rows' | 'rowCount'>): string {
  if (fields.length === 0) {
    return `${command}${rowCount === null ? '' : ` ${rowCount}`}\n`;
  }
  const names = fields.map(({ name }) => name);
  const body = names.length > mostColumns ? asList(names, rows) : asTable([names, ...rows]);
  return `${body}(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})\n`;
}

function asTable(lines: readonly (readonly (string | null)[])[]): string {
  const texts = lines.map((line) => line.map((value) => value ?? ''));
  const widths = texts.reduce<number[]>(
    (widest, line) => line.map((text, index) => Math.max(widest[index] ?? 0, text.length)),
    [],
  );
  return texts
    .map((line) => ` ${line.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')}`)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function asList(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const width = Math.max(...names.map((name) => name.length));
  return rows
    .map((row) =>
      names.map((name, index) => ` ${name.padEnd(width)} | ${row[index] ?? ''}\n`).join(''),
    )
    .join('\n');
}
