import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LinkOf } from './format-prose.ts';
import { parseHeader } from './parse-header.ts';
import { type Catalog, type Query, type Relation, readCatalog } from './read-catalog.ts';
import { type ReferenceGroup, referenceGroups, referenceTables } from './reference-groups.ts';
import { type RelationEntry, renderRelation } from './render-relation.ts';
import { renderInternal, renderRoutine, sections } from './render-routine.ts';
import type { RoutineEntry } from './routine-text.ts';

const root = join(import.meta.dirname, '../../..');
const folder = 'docs/reference';
const note =
  '<!-- Made by `npm run docs` from the catalog, the comments in sql/ and examples/. Edit those. -->';

/** What the reference is made of. */
export interface Reference {
  readonly routines: ReadonlyMap<string, RoutineEntry>;
  readonly relations: ReadonlyMap<string, RelationEntry>;
}

/** Every page of docs/reference, by path, from the catalog of a migrated database. */
export async function referencePages(query: Query): Promise<Map<string, string>> {
  const reference = collect(await readCatalog(query));
  const settings = new Map(
    reference.relations
      .get('timeseries_rollup_config')
      ?.relation.columns.map(({ name, comment }) => [name, comment ?? '']),
  );
  const groups = referenceGroups.map((group): [string, string] => [
    `${folder}/${group.page}.md`,
    page(
      group.title,
      group.about,
      group.routines.map((name) =>
        renderRoutine(need(reference.routines, name), linksFrom(group.page), settings),
      ),
    ),
  ]);
  return new Map([
    [`${folder}/README.md`, indexPage(reference)],
    ...groups,
    [`${folder}/views.md`, relationPage('views', reference)],
    [`${folder}/tables.md`, relationPage('tables', reference)],
    [`${folder}/internals.md`, internalsPage(reference)],
  ]);
}

/** Names that must have an example: every function, table and view meant for users and operators. */
export function namesWithExample(reference: Reference): string[] {
  return [
    ...referenceGroups.flatMap(({ routines }) => routines),
    ...views(reference).map(({ name }) => name),
    ...referenceTables,
  ];
}

/** Joins the catalog with what the files say. */
export function collect(catalog: Catalog): Reference {
  const files = functionFiles();
  const routines = new Map<string, RoutineEntry>();
  for (const routine of catalog.routines) {
    const { name } = routine;
    const file = files.get(name) ?? 'sql/bookkeeping.sql';
    const overloads = [...(routines.get(name)?.overloads ?? []), routine];
    const text = readFileSync(join(root, file), 'utf8');
    const head = files.has(name) ? text : headWithin(text, name);
    routines.set(name, {
      name,
      overloads,
      file,
      header: parseHeader(head, name),
      example: example(name),
    });
  }
  const relations = catalog.relations.map((relation): [string, RelationEntry] => {
    const file = files.get(relation.name);
    const header =
      file === undefined
        ? undefined
        : parseHeader(readFileSync(join(root, file), 'utf8'), relation.name);
    return [relation.name, { relation, header, example: example(relation.name) }];
  });
  return { routines, relations: new Map(relations) };
}

function indexPage(reference: Reference): string {
  const line = (group: ReferenceGroup) =>
    `| [${group.title}](${group.page}.md) | ${group.routines.map((name) => `[\`${name}\`](${group.page}.md#${name})`).join(', ')} |`;
  const links = (names: readonly string[], target: string) =>
    names.map((name) => `[\`${name}\`](${target}.md#${name})`).join(', ');
  return `${sections([
    '# Reference',
    note,
    'Everything in the schema `silver`. Every function is called with the arguments shown, by position or by name (`name => value`).',
    [
      '| page | what is there |',
      '| --- | --- |',
      ...referenceGroups.map(line),
      `| [Views](views.md) | ${links(
        views(reference).map(({ name }) => name),
        'views',
      )} |`,
      `| [Tables](tables.md) | ${links(referenceTables, 'tables')} |`,
      '| [Internals](internals.md) | what schedulers, workers and triggers call: for people who read the code |',
    ].join('\n'),
    'Each example runs as it stands, as a test, on a database in which only this was done before. A line `-->` is a row of the result, `--!` an error.',
    `\`\`\`sql\n${readFileSync(join(root, folder, 'setup.sql'), 'utf8').trim()}\n\`\`\``,
  ])}\n`;
}

function relationPage(kind: 'views' | 'tables', reference: Reference): string {
  const names = kind === 'views' ? views(reference).map(({ name }) => name) : referenceTables;
  const about =
    kind === 'views'
      ? 'Besides these, each rollup has its live view `<target>_live`, with the name and the columns of the target: see [late data](../late-data.md).'
      : 'Read them as you like. People write two: the settings among the columns of [timeseries_rollup_config](#timeseries_rollup_config), and [timeseries_dimension_config](#timeseries_dimension_config).';
  return page(
    kind === 'views' ? 'Views' : 'Tables',
    about,
    names.map((name) => renderRelation(need(reference.relations, name), linksFrom(kind))),
  );
}

function internalsPage(reference: Reference): string {
  const shown = new Set(referenceGroups.flatMap(({ routines }) => routines));
  const hidden = [...reference.routines.values()].filter(({ name }) => !shown.has(name));
  const folders = [...new Set(hidden.map(({ file }) => dirname(file)))].toSorted();
  const parts = folders.flatMap((path) => [
    `## ${path}`,
    ...hidden
      .filter(({ file }) => dirname(file) === path)
      .map((entry) => renderInternal(entry, linksFrom('internals'))),
  ]);
  const tables = [...reference.relations.values()].filter(
    ({ relation: { kind, name } }) => kind === 'table' && !referenceTables.includes(name),
  );
  return page(
    'Internals',
    'Called by schedulers, workers, triggers and other functions; called by hand they can do harm. Folders are those of the source, in the order of the alphabet; [ARCHITECTURE](../../ARCHITECTURE.md) tells how they work together. The functions `track_<id>`, `track_move_<id>` and `live_<id>` are made for each source and rollup.',
    [
      ...parts,
      '## tables',
      ...tables.map((entry) => renderRelation(entry, linksFrom('internals'), '###')),
    ],
  );
}

function page(title: string, about: string, parts: readonly string[]): string {
  return `${sections([`# ${title}`, note, about, ...parts])}\n`;
}

/** Where each name is described, as a link from a page. */
function linksFrom(from: string): LinkOf {
  return (name) => {
    const at = referencePlaces.get(name);
    return at === undefined ? undefined : at === from ? `#${name}` : `${at}.md#${name}`;
  };
}

/** The page of each name; all else that has a file is on the page of internals. */
const referencePlaces: ReadonlyMap<string, string> = new Map([
  ...[...functionFiles()].map(
    ([name, file]) => [name, isView(file) ? 'views' : 'internals'] as const,
  ),
  ...referenceGroups.flatMap(({ page: at, routines }) =>
    routines.map((name) => [name, at] as const),
  ),
  ...referenceTables.map((name) => [name, 'tables'] as const),
]);

/** The files of functions and views, by what they define. */
function functionFiles(): Map<string, string> {
  return new Map(
    globSync('sql/functions/**/*.sql', { cwd: root }).map((file) => [basename(file, '.sql'), file]),
  );
}

function isView(file: string): boolean {
  return basename(dirname(file)) === 'view';
}

function views(reference: Reference): Relation[] {
  return [...reference.relations.values()]
    .map(({ relation }) => relation)
    .filter(({ kind }) => kind === 'view');
}

function example(name: string): string | undefined {
  const file = join(root, folder, 'examples', `${name}.sql`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The comment before a function in a file of several. */
function headWithin(text: string, name: string): string {
  const at = text.lastIndexOf(`-- silver.${name}`);
  return at < 0 ? '' : text.slice(at);
}

function need<Entry>(entries: ReadonlyMap<string, Entry>, name: string): Entry {
  const entry = entries.get(name);
  if (entry === undefined) {
    throw new Error(`the reference is to describe silver.${name}, which does not exist`);
  }
  return entry;
}
