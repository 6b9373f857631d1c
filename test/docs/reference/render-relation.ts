import { formatProse, type LinkOf } from './format-prose.ts';
import type { Header } from './parse-header.ts';
import type { Relation } from './read-catalog.ts';
import { bare, markdownTable, renderBlock, sections } from './render-routine.ts';
import { listedTerms } from './routine-text.ts';

/** All that is known of a table or view. */
export interface RelationEntry {
  readonly relation: Relation;
  /** Of a view's file. */
  readonly header: Header | undefined;
  readonly example: string | undefined;
}

/** A table or view: what a row is, its columns, what holds for them, and a query. */
export function renderRelation(
  entry: RelationEntry,
  linkOf: LinkOf,
  depth: '##' | '###' = '##',
): string {
  const { relation, header, example } = entry;
  const listed = header === undefined ? new Map<string, string>() : listedTerms(header);
  const isTable = relation.kind === 'table';
  const rows = relation.columns.map(({ name, type, nullable, default: fallback, comment }) => [
    `\`${name}\``,
    `\`${type}\``,
    isTable && (nullable ? 'yes' : ''),
    isTable &&
      (fallback === null ? '' : fallback === 'by sequence' ? fallback : `\`${bare(fallback)}\``),
    formatProse(comment ?? listed.get(name) ?? '', linkOf),
  ]);
  const columnNames = new Set(relation.columns.map(({ name }) => name));
  const prose = (header?.blocks ?? []).filter(
    (block) =>
      block.kind === 'paragraph' ||
      block.items.some(({ term }) => term === undefined || !columnNames.has(term)),
  );
  return sections([
    `${depth} ${relation.name}`,
    formatProse(relation.comment ?? '', linkOf),
    ...prose.map((block) => renderBlock(block, linkOf)),
    markdownTable([
      ['column', 'type', isTable && 'null', isTable && 'default', 'meaning'],
      ...rows,
    ]),
    relation.constraints.length === 0
      ? undefined
      : ['Constraints:', ...relation.constraints.map((text) => `- \`${constraint(text)}\``)].join(
          '\n',
        ),
    example && `\`\`\`sql\n${example.trim()}\n\`\`\``,
  ]);
}

/** A constraint without the casts and parentheses that PostgreSQL adds. */
function constraint(definition: string): string {
  const bareOfCasts = definition.replace(
    /::(?:text|interval|integer|bigint|double precision)(?:\[\])?/g,
    '',
  );
  return definition.startsWith('CHECK')
    ? bareOfCasts
        .replace(/^CHECK \(\((.*)\)\)$/, 'CHECK ($1)')
        .replace(/(?<![\w)] ?)\((\w+)\)/g, '$1')
    : bareOfCasts;
}
