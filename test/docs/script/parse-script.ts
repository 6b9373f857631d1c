/** One statement of an example, and what the reader is told it gives. */
export interface ScriptStep {
  readonly statement: string;
  /** Rows, a line each, columns parted by " | "; undefined: nothing is said about them. */
  readonly rows: readonly string[] | undefined;
  /** "SQLSTATE: part of the message"; undefined: it succeeds. */
  readonly error: string | undefined;
}

/**
 * Reads SQL as the documents have it. A statement ends with a semicolon at the end of a line, before any comment, outside
 * of `$$`. The lines `--> …` after it are its rows, a line `--! …` its error.
 */
export function parseScript(text: string): ScriptStep[] {
  const steps: { statement: string; rows?: string[]; error?: string }[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const last = steps.at(-1);
    const [, mark, told = ''] = /^--([>!]) ?(.*)$/.exec(line) ?? [];
    if (mark !== undefined && last !== undefined) {
      if (mark === '!') {
        last.error = told;
      } else {
        last.rows = [...(last.rows ?? []), told];
      }
      continue;
    }
    lines.push(line);
    const statement = lines.join('\n').trim();
    const quotes = statement.split('$$').length - 1;
    if (quotes % 2 === 0 && /;\s*(--.*)?$/.test(line)) {
      steps.push({ statement });
      lines = [];
    }
  }
  const rest = lines.join('\n').replace(/--.*$/gm, '').trim();
  if (rest !== '') {
    throw new Error(`a statement without its semicolon: ${rest}`);
  }
  return steps.map(({ statement, rows, error }) => ({ statement, rows, error }));
}
