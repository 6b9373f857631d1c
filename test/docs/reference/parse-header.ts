/** What the comment at the head of a function's or view's file says. */
export interface Header {
  /** Paragraphs and lists, in order; errors and locks are taken out. */
  readonly blocks: readonly HeaderBlock[];
  readonly errors: string | undefined;
  readonly locks: string | undefined;
}

export type HeaderBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly HeaderItem[] };

/** A line of an indented list: `name  meaning`, or a meaning alone. */
export interface HeaderItem {
  readonly term: string | undefined;
  readonly text: string;
}

/** Reads the comment lines at the head of a file. `name` is what the file defines. */
export function parseHeader(file: string, name: string): Header {
  const lines: string[] = [];
  for (const line of file.split('\n')) {
    if (!line.startsWith('--')) {
      break;
    }
    lines.push(line.slice(2).replace(/^ /, ''));
  }
  const blocks = groupLines(lines);
  const sections = blocks.map(takeSections);
  return {
    blocks: sections
      .map(({ block }) => block)
      .map((block, index) => (index === 0 ? withoutName(block, name) : block))
      .filter((block) => block.kind === 'list' || block.text !== ''),
    errors: joined(sections.map(({ errors }) => errors)),
    locks: joined(sections.map(({ locks }) => locks)) ?? noLocks(lines.join(' ')),
  };
}

function groupLines(lines: readonly string[]): HeaderBlock[] {
  const blocks: { kind: 'paragraph' | 'list'; lines: string[] }[] = [];
  let open = false;
  for (const line of lines) {
    const kind = line.startsWith('  ') ? 'list' : 'paragraph';
    const last = blocks.at(-1);
    if (line.trim() === '') {
      open = false;
    } else if (open && last?.kind === kind) {
      last.lines.push(line);
    } else {
      blocks.push({ kind, lines: [line] });
      open = true;
    }
  }
  return blocks.map((block) =>
    block.kind === 'list'
      ? { kind: 'list', items: listItems(block.lines) }
      : { kind: 'paragraph', text: block.lines.map((line) => line.trim()).join(' ') },
  );
}

function listItems(lines: readonly string[]): HeaderItem[] {
  const items: { term: string | undefined; text: string }[] = [];
  for (const line of lines) {
    const last = items.at(-1);
    if (/^ {4}/.test(line) && last !== undefined) {
      last.text += ` ${line.trim()}`;
      continue;
    }
    const [, term, text] =
      /^(\S.*?)\s{2,}(\S.*)$/.exec(line.trim()) ??
      /^([a-z]+_[a-z_]+) (\S.*)$/.exec(line.trim()) ??
      [];
    items.push(text === undefined ? { term: undefined, text: line.trim() } : { term, text });
  }
  return items;
}

/** "silver.name(…): text" without the name. */
function withoutName(block: HeaderBlock, name: string): HeaderBlock {
  if (block.kind === 'list') {
    return block;
  }
  const lead = new RegExp(`^(?:CALL )?silver\\.${name}(?:\\([^:]*\\))?: `);
  const text = block.text.replace(lead, '');
  return { kind: 'paragraph', text: text.charAt(0).toUpperCase() + text.slice(1) };
}

/** Cuts "Errors: …" and "Locks: …" out of a paragraph, and what the catalog says as well. */
function takeSections(block: HeaderBlock): {
  readonly block: HeaderBlock;
  readonly errors?: string | undefined;
  readonly locks?: string | undefined;
} {
  if (block.kind === 'list') {
    return { block };
  }
  const parts = block.text
    .replace(/(?:Immutable|Stable|Volatile); locks:? /g, 'Locks: ')
    .replace(volatility, ' ')
    .split(
      /(?:^|(?<=[.)] ))(?=(?:Errors|Locks)\b[^.:]*[:,] |(?:It s|S)ets no search_path|Idempotent|The caller)/,
    );
  const section = (name: string) =>
    joined(
      parts
        .filter((part) => part.startsWith(name))
        .map((part) => part.slice(name.length).replace(/^[:,]/, '').trim()),
    );
  return {
    block: {
      kind: 'paragraph',
      text: parts
        .filter((part) => !/^(Errors|Locks)\b/.test(part))
        .join('')
        .trim(),
    },
    errors: section('Errors'),
    locks: section('Locks'),
  };
}

/** "Stable, all in the caller's snapshot; takes no locks." */
const volatility =
  /(?:^|(?<=[.)])) ?(?:Immutable|Stable|Volatile|Parallel safe)\b(?:[^.;(]|\([^)]*\))*(?:; [Tt]akes no locks[^.]*)?\.(?= |$)/g;

function noLocks(text: string): string | undefined {
  const [, exception] = /[Tt]akes no locks( but [^.;]+)?/.exec(text) ?? [undefined, undefined];
  if (!/[Tt]akes no locks/.test(text)) {
    return undefined;
  }
  return exception === undefined ? 'none' : `none${exception}`;
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  const text = parts.filter((part) => part !== undefined && part !== '').join(' ');
  return text === '' ? undefined : text;
}
