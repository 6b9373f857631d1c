import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { attributeNames, type Measure, measureCatalogue } from '@silver/shared';
import { Ajv } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';
import { beforeAll, describe, expect, it } from 'vitest';
import { prometheusName } from '../docs/telemetry-tables.ts';
import { dashboardFiles, dashboardQueries, readDashboard } from './dashboard-queries.ts';
import { alertRules } from './deploy-files.ts';
import { askedBy } from './promql.ts';

const queries = dashboardQueries();

describe('the dashboards', () => {
  const ajv = new Ajv({ strict: false });
  let schema: object;
  beforeAll(() => {
    // Grafana publishes its schema as types; made a JSON schema of, they refuse what no dashboard has.
    const root = dirname(createRequire(import.meta.url).resolve('@grafana/schema/package.json'));
    schema = createGenerator({
      path: join(root, 'dist/types/raw/dashboard/x/types.gen.d.ts'),
      type: 'Dashboard',
      tsconfig: join(import.meta.dirname, 'grafana-tsconfig.json'),
      skipTypeCheck: true,
    }).createSchema('Dashboard');
  }, 120_000);

  it.for(dashboardFiles)("%s is as Grafana's schema has it", (file) => {
    const validate = ajv.compile(schema);
    expect([validate(readDashboard(file)), validate.errors]).toEqual([true, null]);
    // That the schema would say so: it does not let anything pass.
    expect(validate({ ...readDashboard(file), panels: 'none' })).toBe(false);
    expect(validate({ ...readDashboard(file), colour: 'blue' })).toBe(false);
  });

  it.for(dashboardFiles)('%s: every panel says what it tells, and none covers another', (file) => {
    const { panels } = readDashboard(file);
    expect(panels.length).toBeGreaterThan(5);
    for (const { description, gridPos, title } of panels) {
      expect([title, description.length > 5, gridPos.x + gridPos.w <= 24]).toEqual([
        title,
        true,
        true,
      ]);
    }
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  // The catalogue is compared with what a fleet emits in test/integration/telemetry, and the queries run there as well.
  const measures = new Map<string, readonly string[]>(
    Object.values<Measure>(measureCatalogue).flatMap((measure) => {
      const name = prometheusName(measure);
      const labels = measure.attributes.map((label) => label.replaceAll('.', '_'));
      const suffixes = measure.kind === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      return suffixes.map((suffix): [string, string[]] => [name + suffix, [...labels, 'le']]);
    }),
  );
  const ofBoss = new Map([
    ['pgboss_queue_jobs', ['messaging_destination_name', 'pgboss_job_state']],
  ]);

  it.for(queries)('$file, $title: $expression', ({ expression, legendFormat }) => {
    const asked = askedBy(expression);
    expect(asked.measures.length).toBeGreaterThan(0);
    const known = asked.measures.map((name) => measures.get(name) ?? ofBoss.get(name));
    expect(known).not.toContain(undefined);
    const labels = new Set(known.flatMap((list) => [...(list ?? [])]));
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);
    expect([...asked.labels, ...shown].filter((name) => !labels.has(name))).toEqual([]);
  });

  it.for(alertRules())('the alert $alert asks for what there is', ({ expr }) => {
    const asked = askedBy(expr);
    const labels = asked.measures.flatMap((name) => [...(measures.get(name) ?? [])]);
    expect(asked.measures.filter((name) => !measures.has(name))).toEqual([]);
    expect(asked.labels.filter((name) => !labels.includes(name))).toEqual([]);
  });

  it('show every measure there is', () => {
    const shown = new Set(queries.flatMap(({ expression }) => askedBy(expression).measures));
    const hidden = Object.values<Measure>(measureCatalogue)
      .map(prometheusName)
      .filter((name) => ![name, `${name}_bucket`].some((form) => shown.has(form)));
    expect(hidden).toEqual([]);
  });

  it('the rollup to look at is chosen from the values of a label there is', () => {
    const [choice] = readDashboard('grafana/dashboards/silver-rollup.json').templating.list.filter(
      ({ type }) => type === 'query',
    );
    expect(choice?.query).toBe(
      `label_values(silver_rollup_lag_seconds, ${attributeNames.target.replaceAll('.', '_')})`,
    );
  });
});
