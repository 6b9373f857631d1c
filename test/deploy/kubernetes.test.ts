import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication';
import { describeSettings, loadConfig } from '@silver/shared';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../support/find-program.ts';
import { useDatabase } from '../support/use-database.ts';
import { deployFolder, parseYaml, readYaml } from './deploy-files.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}
interface Model {
  validate(): void;
}

const kinds: Readonly<Record<string, new (manifest: never) => Model>> = {
  ConfigMap,
  Deployment,
  Job,
  Namespace,
  PodDisruptionBudget,
  ScaledObject,
  TriggerAuthentication,
};

/** Throws what the schema of its kind has against a manifest. */
function validate(manifest: Manifest): void {
  const Kind = kinds[manifest.kind];
  if (Kind === undefined) throw new Error(`no schema for ${manifest.kind}`);
  new Kind(manifest as never).validate();
}

const [kustomization] = readYaml<{ resources: string[] }>('kubernetes/kustomization.yaml');
const manifests = (kustomization?.resources ?? []).flatMap((file) =>
  readYaml<Manifest>(`kubernetes/${file}`),
);
const kubectl = findProgram('kubectl', 'https://kubernetes.io/docs/tasks/tools');

describe('the manifests', () => {
  it.for(manifests)(
    "$kind $metadata.name is as Kubernetes' schema, or KEDA's, has it",
    (manifest) => {
      validate(manifest);
    },
  );

  it('are held to a schema that refuses', () => {
    const [deployment] = manifests.filter(({ kind }) => kind === 'Deployment');
    expect(() => validate({ ...deployment, spec: { replicas: 'two' } } as never)).toThrow();
  });

  it('run commands that exist, with settings that are read', () => {
    const known = describeSettings().map(({ variable }) => variable);
    const [settings] = manifests.filter(({ kind }) => kind === 'ConfigMap') as unknown as {
      data: Record<string, string>;
    }[];
    expect(Object.keys(settings?.data ?? {}).filter((name) => !known.includes(name))).toEqual([]);
    const config = loadConfig({ ...settings?.data, DATABASE_URL: 'postgres://u@h/d' });
    const pods = manifests.filter(
      ({ kind }) => kind === 'Deployment' || kind === 'Job',
    ) as unknown as {
      spec: { template: { spec: Pod } };
    }[];
    const commands = pods.map(({ spec }) => spec.template.spec.containers[0]?.args[0]);
    expect(commands.toSorted()).toEqual(['migrate', 'scheduler', 'worker']);
    for (const { spec } of pods) checkPod(spec.template.spec, config);
  });

  const checkPod = (pod: Pod, { statusPort, stopGraceMs }: ReturnType<typeof loadConfig>) => {
    const [container] = pod.containers;
    expect(container?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    });
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    if (container?.ports !== undefined) {
      expect(container.ports).toEqual([{ name: 'status', containerPort: statusPort }]);
      expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'status' });
      expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'status' });
      expect((pod.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThanOrEqual(
        stopGraceMs + 15_000,
      );
    }
  };
});

describe('what the manifests name', () => {
  const called = (kind: string) =>
    manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment') as (Manifest &
    Selecting & { spec: { template: { metadata: { labels: Labels } } } })[];

  it('every file of the folder is applied', () => {
    const files = globSync('*.yaml', { cwd: join(deployFolder, 'kubernetes') });
    expect(files.filter((file) => file !== 'kustomization.yaml').toSorted()).toEqual(
      kustomization?.resources.toSorted(),
    );
  });

  it('programs read the settings and the one secret', () => {
    const pods = manifests.filter(
      ({ kind }) => kind === 'Deployment' || kind === 'Job',
    ) as unknown as {
      kind: string;
      spec: { template: { spec: { containers: { envFrom: object[] }[] } } };
    }[];
    for (const { kind, spec } of pods) {
      expect(spec.template.spec.containers[0]?.envFrom).toEqual([
        ...(kind === 'Job' ? [] : [{ configMapRef: { name: called('ConfigMap')[0] } }]),
        { secretRef: { name: 'silver-database' } },
      ]);
    }
  });

  it('each deployment selects its own pods, and each budget those of one deployment', () => {
    expect(deployments.length).toBe(2);
    const own = deployments.map(({ spec }) => spec.template.metadata.labels);
    expect(deployments.map(({ spec }) => spec.selector.matchLabels)).toEqual(own);
    const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget') as (Manifest &
      Selecting)[];
    expect(budgets.map(({ spec }) => spec.selector.matchLabels)).toEqual(own);
    expect(called('PodDisruptionBudget')).toEqual(called('Deployment'));
  });

  it('KEDA scales the workers, and reads the database by the secret', () => {
    const [scaled] = manifests.filter(({ kind }) => kind === 'ScaledObject') as unknown as {
      spec: { scaleTargetRef: object; triggers: { authenticationRef?: object }[] };
    }[];
    const [authentication] = manifests.filter(
      ({ kind }) => kind === 'TriggerAuthentication',
    ) as unknown as { spec: object }[];
    expect(scaled?.spec.scaleTargetRef).toEqual({ name: 'silver-worker' });
    expect(called('Deployment')).toContain('silver-worker');
    expect(scaled?.spec.triggers[0]?.authenticationRef).toEqual({
      name: called('TriggerAuthentication')[0],
    });
    expect(authentication?.spec).toEqual({
      secretTargetRef: [{ parameter: 'connection', name: 'silver-database', key: 'DATABASE_URL' }],
    });
  });
});

describe("KEDA's query", () => {
  const database = useDatabase();

  it('asks the database what it can answer: one number', async () => {
    const [scaled] = manifests.filter(({ kind }) => kind === 'ScaledObject') as unknown as {
      spec: { triggers: { type: string; metadata: { query: string } }[]; fallback: unknown };
    }[];
    const [postgresql, cpu] = scaled?.spec.triggers ?? [];
    expect([postgresql?.type, cpu?.type, scaled?.spec.fallback]).toEqual([
      'postgresql',
      'cpu',
      expect.anything(),
    ]);
    expect(await database.query(postgresql?.metadata.query ?? '')).toEqual([
      { backlog_seconds: 0 },
    ]);
  });
});

describe.skipIf(kubectl === undefined)('kubectl kustomize', () => {
  it('makes manifests that the schemas take, all in one namespace', async () => {
    const { stdout } = await promisify(execFile)(kubectl ?? '', [
      'kustomize',
      join(deployFolder, 'kubernetes'),
    ]);
    const made = parseYaml<Manifest>(stdout);
    expect(made).toHaveLength(manifests.length);
    for (const manifest of made) {
      validate(manifest);
      expect(
        manifest.kind === 'Namespace' ? manifest.metadata.name : manifest.metadata.namespace,
      ).toBe('silver');
    }
  });
});

type Labels = Readonly<Record<string, string>>;
interface Selecting {
  readonly spec: { readonly selector: { readonly matchLabels: Labels } };
}

interface Pod {
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: object;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly ports?: readonly object[];
    readonly securityContext: object;
    readonly livenessProbe: { readonly httpGet: object };
    readonly readinessProbe: { readonly httpGet: object };
  }[];
}
