import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../support/find-program.ts';
import { alertRules, deployFolder, readYaml } from './deploy-files.ts';

const promtool = findProgram('promtool', "Debian's package prometheus");
const root = join(deployFolder, '..');
const rules = alertRules();
const run = (...args: string[]) => promisify(execFile)(promtool ?? '', args, { cwd: deployFolder });

describe('the alerts', () => {
  it.for(rules)(
    '$alert has a runbook, and rule tests in which it fires and does not',
    ({ alert, annotations }) => {
      const runbook = readFileSync(join(root, annotations['runbook'] ?? ''), 'utf8');
      expect(runbook).toContain(`\`${alert}\``);
      const [{ tests }] = readYaml('prometheus/alerts.test.yaml') as [RuleTests];
      const tried = tests
        .flatMap((test) => test.alert_rule_test)
        .filter(({ alertname }) => alertname === alert);
      const fired = tried.map(({ exp_alerts: alerts }) => alerts.length > 0);
      expect([fired.includes(true), fired.includes(false)]).toEqual([true, true]);
    },
  );

  it('no runbook is for an alert that is gone', () => {
    const pages = globSync('docs/runbooks/*.md', { cwd: root }).map((path) => basename(path));
    const named = rules.map(({ annotations }) => basename(annotations['runbook'] ?? ''));
    expect(pages.filter((page) => page !== 'README.md').toSorted()).toEqual(named.toSorted());
    expect(
      rules.every(({ annotations }) => existsSync(join(root, annotations['runbook'] ?? ''))),
    ).toBe(true);
  });
});

describe.skipIf(promtool === undefined)('promtool', () => {
  it('takes the rules', async () => {
    const { stdout } = await run('check', 'rules', 'prometheus/alerts.yaml');
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('sees every alert fire, and stop, in the rule tests', async () => {
    const { stdout } = await run('test', 'rules', 'prometheus/alerts.test.yaml');
    expect(stdout).toContain('SUCCESS');
  });

  it("takes Compose's configuration of Prometheus", async () => {
    const { stdout } = await run('check', 'config', '--syntax-only', 'compose/prometheus.yaml');
    expect(stdout).toContain('SUCCESS');
  });
});

interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly unknown[];
    }[];
  }[];
}
