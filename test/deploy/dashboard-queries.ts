import { globSync } from 'node:fs';
import { deployFolder, readDeployed } from './deploy-files.ts';
import { fillVariables } from './promql.ts';

/** A dashboard, as far as it is looked at here. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly templating: {
    readonly list: readonly { readonly type: string; readonly query: string }[];
  };
  readonly panels: readonly {
    readonly title: string;
    readonly description: string;
    readonly gridPos: {
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

/** A query of a panel, as Grafana would send it. */
export interface DashboardQuery {
  readonly file: string;
  readonly title: string;
  readonly expression: string;
  readonly legendFormat: string;
}

/** The files of the dashboards that ship. */
export const dashboardFiles = globSync('grafana/dashboards/*.json', {
  cwd: deployFolder,
}).toSorted();

export function readDashboard(file: string): Dashboard {
  return JSON.parse(readDeployed(file));
}

/** Every query of every panel. */
export function dashboardQueries(): DashboardQuery[] {
  return dashboardFiles.flatMap((file) =>
    readDashboard(file).panels.flatMap(({ targets, title }) =>
      targets.map(({ expr, legendFormat }) => ({
        file,
        title,
        expression: fillVariables(expr),
        legendFormat,
      })),
    ),
  );
}
