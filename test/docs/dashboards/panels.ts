import type { Dashboard, Panel } from '@grafana/schema';

/** One query of a panel: PromQL, and how its series are called. */
export interface Query {
  readonly expression: string;
  readonly legend: string;
}

export interface PanelOptions {
  readonly title: string;
  /** What it tells, and what to do when it looks bad. */
  readonly description: string;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Of 24 columns. */
  readonly width?: number;
}

type Draft = Omit<Panel, 'gridPos' | 'id'> & { readonly width: number; readonly height: number };

const datasource = { type: 'prometheus', uid: '$datasource' };

/** Lines over time. */
export function lines(options: PanelOptions): Draft {
  return draft('timeseries', options, 8, {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  });
}

/** One number as it is now, coloured from `warn` and from `bad` on. */
export function number(
  options: PanelOptions & { readonly warn?: number; readonly bad?: number },
): Draft {
  const { bad, warn } = options;
  const panel = draft('stat', { width: 4, ...options }, 4, {
    colorMode: 'value',
    graphMode: 'area',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  });
  const steps = [
    { color: 'green', value: null },
    ...(warn === undefined ? [] : [{ color: 'orange', value: warn }]),
    ...(bad === undefined ? [] : [{ color: 'red', value: bad }]),
  ];
  return withDefaults(panel, { thresholds: { mode: 'absolute', steps } });
}

/** A row for each series, with its value as it is now. */
export function table(options: PanelOptions): Draft {
  const panel = draft('table', options, 8, { showHeader: true });
  return {
    ...panel,
    targets:
      panel.targets?.map((target) => ({
        ...target,
        format: 'table',
        instant: true,
        range: false,
      })) ?? [],
    transformations: [{ id: 'organize', options: { excludeByName: { Time: true } } }],
  };
}

function draft(
  type: string,
  { description, queries, title, unit, width = 12 }: PanelOptions,
  height: number,
  options: Record<string, unknown>,
): Draft {
  return {
    type,
    title,
    description,
    datasource,
    width,
    height,
    fieldConfig: { defaults: { unit }, overrides: [] },
    options,
    targets: queries.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr: expression,
      legendFormat: legend,
    })),
  };
}

function withDefaults(panel: Draft, more: Record<string, unknown>): Draft {
  return {
    ...panel,
    fieldConfig: { overrides: [], defaults: { ...panel.fieldConfig?.defaults, ...more } },
  };
}

export interface DashboardOptions {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Draft[];
  /** Names of a label to choose one of, from the values a measure has now. */
  readonly choose?: { readonly variable: string; readonly measure: string; readonly label: string };
}

/** Lays the panels out in rows, from left to right as they fit. */
export function dashboard({
  choose,
  description,
  panels,
  title,
  uid,
}: DashboardOptions): Dashboard {
  return {
    uid,
    title,
    description,
    tags: ['silver'],
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    schemaVersion: 39,
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    links: [
      {
        asDropdown: false,
        icon: 'external link',
        includeVars: false,
        keepTime: true,
        tags: ['silver'],
        targetBlank: false,
        title: 'Silver',
        tooltip: '',
        type: 'dashboards',
        url: '',
      },
    ],
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', label: 'Prometheus', query: 'prometheus' },
        ...(choose === undefined
          ? []
          : [
              {
                name: choose.variable,
                type: 'query' as const,
                label: choose.variable,
                datasource,
                query: `label_values(${choose.measure}, ${choose.label})`,
                refresh: 2,
                sort: 1,
              },
            ]),
      ],
    },
    panels: place(panels),
  };
}

const columns = 24;

function place(drafts: readonly Draft[]): Panel[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return drafts.map(({ height, width, ...panel }, index) => {
    if (x + width > columns) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const gridPos = { x, y, w: width, h: height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return { ...panel, id: index + 1, gridPos };
  });
}

/** A quantile of a histogram of seconds, told apart by labels. */
export function quantile(share: number, histogram: string, ...labels: readonly string[]): string {
  return `histogram_quantile(${share}, sum by (${['le', ...labels].join(', ')}) (rate(${histogram}_bucket[$__rate_interval])))`;
}
