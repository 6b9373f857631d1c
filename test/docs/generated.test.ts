import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeNames, measureCatalogue, spanCatalogue } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/use-database.ts';
import { generatedFiles } from './generated-files.ts';
import { commonMeanings } from './reference/common-meanings.ts';
import { readCatalog } from './reference/read-catalog.ts';
import { referenceGroups } from './reference/reference-groups.ts';
import { collect } from './reference/reference-pages.ts';
import { argumentNames, commonKey, listedTerms, routineText } from './reference/routine-text.ts';

const root = join(import.meta.dirname, '../..');

describe('what the documents say about the code', () => {
  const database = useDatabase();

  it('is what the code has; if not, `npm run docs` writes it', async () => {
    const files = await generatedFiles((text) => database.query(text));
    const differing = [...files].filter(([, { current, text }]) => current !== text);
    expect(differing.map(([path]) => path)).toEqual([]);
  });

  it('describes every column that people see', async () => {
    const reference = collect(await readCatalog((text) => database.query(text)));
    const entries = [...reference.relations.values()];
    const undescribed = entries.flatMap(({ header, relation }) =>
      relation.columns
        .filter(
          ({ name, comment }) => comment === null && !(header && listedTerms(header).has(name)),
        )
        .map(({ name }) => `${relation.name}.${name}`),
    );
    expect(undescribed).toEqual([]);
  });

  it('describes every argument of the functions for people, and nothing else', async () => {
    const { relations, routines } = collect(await readCatalog((text) => database.query(text)));
    const settings = new Map(
      relations.get('timeseries_rollup_config')?.relation.columns.map(({ name }) => [name, name]),
    );
    const entries = referenceGroups
      .flatMap((group) => group.routines)
      .map((name) => routines.get(name));
    const named = entries
      .filter((entry) => entry !== undefined)
      .flatMap((entry) => {
        const { meanings, told } = routineText(entry, settings);
        return [...argumentNames(entry)].map((argument) => ({
          key: commonKey(entry.name, argument),
          text: `${entry.name}.${argument}`,
          described: meanings.has(argument),
          byHeader: told.has(argument),
        }));
      });
    const undescribed = named.filter(({ described }) => !described).map(({ text }) => text);
    const used = new Set(named.filter(({ byHeader }) => !byHeader).map(({ key }) => key));
    expect(undescribed).toEqual([]);
    expect([...commonMeanings.keys()].filter((key) => !used.has(key))).toEqual([]);
  });

  it('names nothing of the schema that is not there', async () => {
    const { relations, routines } = collect(await readCatalog((text) => database.query(text)));
    const known = (name: string) =>
      relations.has(name) || routines.has(name) || types.has(name) || measured.has(name);
    const types = new Set(['timed_value', 'delivery', 'computed_chunk']);
    // Spans, measures and attributes begin with the same word, and are dotted as well.
    const measured = new Set(
      [...Object.values(attributeNames), ...named(spanCatalogue), ...named(measureCatalogue)].map(
        (name) => name.replace(/^silver\./, ''),
      ),
    );
    const texts = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).map((path) => [
      path,
      readFileSync(join(root, path), 'utf8'),
    ]);
    const unknown = texts.flatMap(([path, text = '']) =>
      [...text.matchAll(/(?<![\w.'])silver\.([a-z_]+)(?![a-z_.<*])/g)]
        .filter(([, name = '']) => !known(name))
        .map(([mention]) => `${path}: ${mention}`),
    );
    expect(unknown).toEqual([]);
  });

  it('says what locks each function for people takes', async () => {
    const { routines } = collect(await readCatalog((text) => database.query(text)));
    const silent = referenceGroups
      .flatMap((group) => group.routines)
      .filter((name) => routines.get(name)?.header.locks === undefined);
    expect(silent).toEqual([]);
  });
});

function named(catalogue: Readonly<Record<string, { readonly name: string }>>): string[] {
  return Object.values(catalogue).map(({ name }) => name);
}
