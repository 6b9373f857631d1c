import Table from 'cli-table3';
import pc from 'picocolors';

/** Prints rows for a person, with the columns given, in their order. */
export function printTable(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  const table = new Table({
    head: columns.map((column) => pc.bold(column)),
    style: { head: [], border: ['gray'] },
  });
  for (const row of rows) {
    table.push(columns.map((column) => showValue(row[column])));
  }
  process.stdout.write(`${table.toString()}\n`);
}

/** Prints a value for a program. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function showValue(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number' && !Number.isInteger(value)) {
    return value.toFixed(value < 10 ? 2 : 0);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
