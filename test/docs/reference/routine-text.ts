import { commonMeanings } from './common-meanings.ts';
import type { Header, HeaderBlock } from './parse-header.ts';
import type { Routine } from './read-catalog.ts';

/** All that is known of a routine; several of one name are overloads, described by one file. */
export interface RoutineEntry {
  readonly name: string;
  readonly overloads: readonly Routine[];
  readonly header: Header;
  /** Path below the repository. */
  readonly file: string;
  readonly example: string | undefined;
}

/** What each argument and returned column is, by name. */
export type Meanings = ReadonlyMap<string, string>;

/** The header's prose, without what it says of single arguments and columns; and that. */
export interface RoutineText {
  readonly blocks: readonly HeaderBlock[];
  /** From the header's lists and prose alone. */
  readonly told: Meanings;
  /** With the settings' comments, where the header refers to them, and the common meanings. */
  readonly meanings: Meanings;
}

/** Parts what is said of a routine from what is said of its arguments. `settings`: comments of timeseries_rollup_config's columns. */
export function routineText(entry: RoutineEntry, settings: Meanings): RoutineText {
  const { header } = entry;
  const names = argumentNames(entry);
  const told = listedTerms(header);
  const blocks = header.blocks
    .map((block) => withoutTerms(block, names))
    .map((block) => (block.kind === 'list' ? block : takeMeanings(block.text, names, told)))
    .filter((block) => (block.kind === 'list' ? block.items.length > 0 : block.text !== ''));
  const common = [...names].flatMap((name) => {
    const meaning = commonMeanings.get(commonKey(entry.name, name));
    return meaning === undefined ? [] : [[name, meaning] as const];
  });
  const meanings = new Map([...common, ...(told.has('the others') ? settings : []), ...told]);
  return { blocks, told, meanings };
}

/** The key under which the common meanings have it. */
export function commonKey(routine: string, name: string): string {
  const own = `${routine}.${name}`;
  return commonMeanings.has(own) ? own : name;
}

/** Names of all arguments and returned columns. */
export function argumentNames({ overloads }: RoutineEntry): Set<string> {
  return new Set(overloads.flatMap(({ arguments: all }) => all.map(({ name }) => name)));
}

/** Terms of the header's lists: "a, b  meaning" explains two. */
export function listedTerms(header: Header): Map<string, string> {
  return new Map(
    header.blocks
      .flatMap((block) => (block.kind === 'list' ? block.items : []))
      .flatMap(({ term, text }) => (term?.split(', ') ?? []).map((name) => [name, text] as const)),
  );
}

/** What the tables of arguments and columns say need not stand in a list before them. */
function withoutTerms(block: HeaderBlock, shown: ReadonlySet<string>): HeaderBlock {
  if (block.kind === 'paragraph') {
    return block;
  }
  const told = (term: string | undefined) =>
    term === 'the others' || term?.split(', ').every((name) => shown.has(name)) === true;
  return { kind: 'list', items: block.items.filter(({ term }) => !told(term)) };
}

/** Moves "name: what it is." of arguments and columns from the prose to their meanings. */
function takeMeanings(
  text: string,
  names: ReadonlySet<string>,
  meanings: Map<string, string>,
): HeaderBlock {
  const any = [...names].join('|');
  const sentence = new RegExp(
    `(?<=^|[.;] )(${any}): (.*?)(?:\\.(?= |$) ?|; (?=(?:${any}): ))`,
    'g',
  );
  const rest = text.replace(sentence, (_, name: string, meaning: string) => {
    meanings.set(name, meaning);
    return '';
  });
  return { kind: 'paragraph', text: rest.trim() };
}
