/** Where the reference describes a function, table or view, as a link from the page in hand; undefined: nowhere. */
export type LinkOf = (name: string) => string | undefined;

const code = new RegExp(
  [
    '`[^`]*`', // marked already
    "'[^' ]*'(?=[ ,;:.)]|$)", // a value
    'silver\\.[a-z_]+(?:<[a-z]+>)?(?:\\([^)]*\\))?',
    '[a-z<>]*<[a-z]+>[a-z_]*',
    '\\b(?=[A-Z]*[0-9])[0-9A-Z]{5}\\b', // an SQLSTATE
    '\\b[a-zA-Z0-9.]*[a-z0-9]_[a-zA-Z0-9_]*[a-z0-9]\\b(?:\\(\\))?',
  ].join('|'),
  'g',
);

/** Prose of a comment as markdown: names in code, those the reference describes as links, the rest escaped. */
export function formatProse(text: string, linkOf: LinkOf = () => undefined): string {
  let markdown = '';
  let end = 0;
  for (const match of text.matchAll(code)) {
    markdown += escapeMarkdown(text.slice(end, match.index)) + formatCode(match[0], linkOf);
    end = match.index + match[0].length;
  }
  return markdown + escapeMarkdown(text.slice(end));
}

function formatCode(text: string, linkOf: LinkOf): string {
  const marked = text.startsWith('`') ? text : `\`${text}\``;
  const name = text.replace(/^silver\./, '').replace(/\(.*\)$/, '');
  const link = linkOf(name);
  return link === undefined ? marked : `[${marked}](${link})`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[*|[\]\\]/g, '\\$&').replace(/</g, '&lt;');
}

/** A cell of a markdown table. */
export function cell(text: string): string {
  return text.replace(/(?<!\\)\|/g, '\\|').replace(/\n/g, ' ');
}
