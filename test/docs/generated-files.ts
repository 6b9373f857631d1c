import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { databaseDashboard } from './dashboards/database-dashboard.ts';
import { fleetDashboard } from './dashboards/fleet-dashboard.ts';
import { rollupDashboard } from './dashboards/rollup-dashboard.ts';
import type { Query } from './reference/read-catalog.ts';
import { referencePages } from './reference/reference-pages.ts';
import { rollupSettingsTable, settingsTable } from './settings-tables.ts';
import { measuresTable, spansTable } from './telemetry-tables.ts';
import { windowPlot } from './window-plot.ts';

const root = join(import.meta.dirname, '../..');

/** A file that is made from the code, wholly or in part. */
export interface GeneratedFile {
  /** As it stands; undefined: missing. */
  readonly current: string | undefined;
  /** As it should be; undefined: it should not be there. */
  readonly text: string | undefined;
}

/** Every document that says what the code has, by path; a page of the reference for nothing that exists among them. */
export async function generatedFiles(query: Query): Promise<Map<string, GeneratedFile>> {
  const pages = await referencePages(query);
  const configuration = 'docs/configuration.md';
  pages.set(
    configuration,
    fill(read(configuration) ?? '', {
      settings: settingsTable(),
      'rollup-settings': await rollupSettingsTable(query),
    }),
  );
  const telemetry = 'docs/telemetry.md';
  pages.set(
    telemetry,
    fill(read(telemetry) ?? '', {
      'worker-measures': measuresTable('worker'),
      'scheduler-measures': measuresTable('scheduler'),
      'database-measures': measuresTable('database'),
      spans: spansTable(),
    }),
  );
  for (const dashboard of [fleetDashboard, rollupDashboard, databaseDashboard]) {
    const path = `deploy/grafana/dashboards/${dashboard.uid}.json`;
    pages.set(path, `${JSON.stringify(dashboard, null, 2)}\n`);
  }
  pages.set('docs/images/window-sizing.svg', windowPlot());
  const orphans = globSync('docs/reference/*.md', { cwd: root }).filter((path) => !pages.has(path));
  return new Map<string, GeneratedFile>([
    ...[...pages].map(([path, text]) => [path, { current: read(path), text }] as const),
    ...orphans.map((path) => [path, { current: read(path), text: undefined }] as const),
  ]);
}

/** Replaces what stands between `<!-- made: NAME -->` and `<!-- end -->`. */
function fill(document: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const region = new RegExp(`(<!-- made: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!region.test(text)) {
      throw new Error(`there is no place for the table ${name}`);
    }
    return text.replace(region, (_, start: string, end: string) => `${start}\n${part}\n\n${end}`);
  }, document);
}

function read(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
