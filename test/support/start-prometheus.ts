import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';

/** A result of a query: labels and a value. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Alert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Prometheus {
  /** Runs a query of one instant; throws what is wrong with it. */
  query(expression: string): Promise<readonly Sample[]>;
  alerts(): Promise<readonly Alert[]>;
  /** Addresses scraped with success last. */
  healthyTargets(): Promise<readonly string[]>;
  /** Adds an address to those scraped. */
  scrape(job: string, address: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs a real Prometheus that scrapes and evaluates rules every second. The rules are those of the file, but for how long a condition has
 * to hold: `for` is shortened to nothing, or a test would take as long as an operator's patience.
 */
export async function startPrometheus(program: string, rulesFile: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'silver-prometheus-'));
  const port = await freePort();
  const targets: { readonly targets: string[]; readonly labels: { readonly job: string } }[] = [];
  const writeTargets = () => writeFile(join(folder, 'targets.json'), JSON.stringify(targets));
  const rules = await readFile(rulesFile, 'utf8');
  await writeFile(join(folder, 'rules.yaml'), rules.replace(/^( *)for: .*$/gm, '$1for: 0s'));
  await writeTargets();
  await writeFile(
    join(folder, 'prometheus.yml'),
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['rules.yaml'],
      scrape_configs: [
        {
          job_name: 'silver',
          file_sd_configs: [{ files: ['targets.json'], refresh_interval: '1s' }],
        },
      ],
    }),
  );
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const get = async <Data>(path: string): Promise<Data> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const { data, error, status } = (await response.json()) as Answer<Data>;
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data;
  };
  await waitUntil('Prometheus is up', () =>
    get('status/runtimeinfo').then(
      () => true,
      () => child.exitCode !== null && Promise.reject(new Error('Prometheus ended')),
    ),
  );
  return {
    query: async (expression) => {
      const { result } = await get<Result>(`query?query=${encodeURIComponent(expression)}`);
      return result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    alerts: async () =>
      (await get<{ alerts: AlertAnswer[] }>('alerts')).alerts.map(({ labels, ...alert }) => ({
        ...alert,
        labels,
        name: labels['alertname'] ?? '',
      })),
    healthyTargets: async () =>
      (await get<{ activeTargets: TargetAnswer[] }>('targets')).activeTargets
        .filter(({ health }) => health === 'up')
        .map(({ scrapeUrl }) => scrapeUrl),
    scrape: async (job, address) => {
      targets.push({ targets: [address], labels: { job } });
      await writeTargets();
    },
    close: async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Answer<Data> {
  readonly status: string;
  readonly error?: string;
  readonly data: Data;
}
interface Result {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
}
type AlertAnswer = Omit<Alert, 'name'>;
interface TargetAnswer {
  readonly health: string;
  readonly scrapeUrl: string;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
