import { documentedScenarios } from './documented-scenarios.ts';
import { type BenchReport, type Run, runOf, type ScenarioReport } from './report.ts';

/** A scenario as measured in one run, with what that run was. */
export interface MeasuredScenario extends ScenarioReport {
  readonly run: Run;
}

export interface MergedReport {
  /** What all runs have in common; where they differ, each value. */
  readonly settings: Record<string, string>;
  /** In the order of the scenarios. */
  readonly scenarios: MeasuredScenario[];
}

/** Settings that a scenario's run says instead. */
const ofRun = new Set<string>(['rows', 'rounds', 'seed', 'measured'] satisfies (keyof Run)[]);

/** Puts runs together that measured different scenarios, or the same at different sizes: a later run replaces what it measured again. */
export function mergeReports(reports: readonly BenchReport[]): MergedReport {
  const scenarios = new Map<string, MeasuredScenario>();
  const settings = new Map<string, Set<string>>();
  for (const report of reports) {
    for (const scenario of report.scenarios) {
      scenarios.set(scenario.scenario, { ...scenario, run: runOf(report, scenario) });
    }
    for (const [name, value] of Object.entries(report.settings)) {
      if (!ofRun.has(name)) {
        settings.set(name, (settings.get(name) ?? new Set()).add(value));
      }
    }
  }
  const order = [...documentedScenarios.keys()];
  const place = ({ scenario }: MeasuredScenario) => {
    const index = order.indexOf(scenario);
    return index < 0 ? order.length : index;
  };
  return {
    settings: Object.fromEntries(
      [...settings].map(([name, values]) => [name, [...values].join(' or ')]),
    ),
    scenarios: [...scenarios.values()].toSorted((one, other) => place(one) - place(other)),
  };
}
