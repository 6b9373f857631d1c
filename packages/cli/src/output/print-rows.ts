import Table from 'cli-table3';

export type Row = Readonly<Record<string, unknown>>;

/** Narrower than this a column is not made: its words would be cut to pieces. */
const narrowest = 10;

/** Prints rows for a person, with the columns given, in their order, in a table that fits the terminal. */
export function printTable(columns: readonly string[], rows: readonly Row[]): void {
  const cells = rows.map((row) => columns.map((column) => showValue(row[column])));
  const natural = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const table = new Table({
    head: [...columns], // plain: a colour's code would be cut in two where a head is wrapped
    style: { head: [], border: [] },
    wordWrap: true,
    wrapOnWordBoundary: false,
    colWidths: fitWidths(natural, process.stdout.columns).map((width) => width + 2),
  });
  table.push(...cells);
  process.stdout.write(`${table.toString()}\n`);
}

/** Prints a value for a program. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints one value a line, for a program that reads while more comes. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Column widths that fit `terminal` characters: the widest give way first. Undefined: there is no terminal to fit. */
export function fitWidths(
  natural: readonly number[],
  terminal: number | undefined,
): readonly number[] {
  const widths = [...natural];
  // Each column has a blank on both sides, and there is a line before, between and after them.
  const room = (terminal ?? Number.POSITIVE_INFINITY) - widths.length * 3 - 1;
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= narrowest) {
      break;
    }
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** A value as a person reads it. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number' && !Number.isInteger(value)) {
    return value.toFixed(value < 10 ? 2 : 0);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
