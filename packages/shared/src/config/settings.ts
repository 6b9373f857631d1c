import { z } from 'zod';
import { oneOf, port, type Setting, text, wholeNumber } from './setting.ts';

const acceptedSslModes = ['disable', 'no-verify', 'require', 'verify-full'];

const databaseUrl = {
  variable: 'DATABASE_URL',
  description:
    'PostgreSQL 15 or later: the database that holds sources, targets and the schema silver. Parameters: sslmode, sslrootcert, sslcert, sslkey, and pooler=transaction where it leads through one.',
  allowed: 'postgres://user:password@host:port/database',
  fallback: undefined,
  schema: z.string().trim().superRefine(checkDatabaseUrl),
} satisfies Setting;

/**
 * Every environment variable Silver reads, with its bounds and default. `describeSettings` makes the table in
 * `--help` and in the docs from it; `loadConfig` parses by it. A limit that is not here is written where it is used.
 */
export const settings = {
  databaseUrl,
  logLevel: oneOf({
    variable: 'LOG_LEVEL',
    description: 'Least severe log line that is written.',
    words: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    fallback: 'info',
  }),
  pollIntervalMs: wholeNumber({
    variable: 'SILVER_POLL_INTERVAL_MS',
    description:
      'Longest time between two looks for due work or jobs when no notification arrives.',
    min: 500,
    max: 600_000,
    fallback: 2_000,
  }),
  wakeDelayMs: wholeNumber({
    variable: 'SILVER_WAKE_DELAY_MS',
    description:
      'Least rest of a scheduler between two looks for due work, which is three times what the last one took: notifications within it are answered by one.',
    min: 1,
    max: 10_000,
    fallback: 20,
  }),
  healIntervalMs: wholeNumber({
    variable: 'SILVER_HEAL_INTERVAL_MS',
    description: 'How often a scheduler looks for chunks that have lost their job.',
    min: 200,
    max: 600_000,
    fallback: 5_000,
  }),
  maxInFlight: wholeNumber({
    variable: 'SILVER_MAX_IN_FLIGHT',
    description:
      'Chunks in flight of all rollups together; a rollup has its own max_in_flight. Schedulers that plan at once may pass it by a few.',
    min: 1,
    max: 10_000,
    fallback: 256,
  }),
  schedulerPoolSize: wholeNumber({
    variable: 'SILVER_SCHEDULER_POOL_SIZE',
    description: 'Sources a scheduler plans at once, one connection each.',
    min: 2,
    max: 200,
    fallback: 4,
  }),
  tickTimeoutMs: wholeNumber({
    variable: 'SILVER_TICK_TIMEOUT_MS',
    description: 'Longest time one statement of a tick may take.',
    min: 100,
    max: 3_600_000,
    fallback: 60_000,
  }),
  workerConcurrency: wholeNumber({
    variable: 'SILVER_WORKER_CONCURRENCY',
    description: 'Chunks one worker process runs at once, one connection each.',
    min: 1,
    max: 256,
    fallback: 2,
  }),
  chunkTimeoutMs: wholeNumber({
    variable: 'SILVER_CHUNK_TIMEOUT_MS',
    description:
      "Cap on a rollup's chunk_timeout, after which PostgreSQL cancels a chunk, which is then cut in half.",
    min: 100,
    max: 86_000_000,
    fallback: 3_600_000,
  }),
  lockTimeoutMs: wholeNumber({
    variable: 'SILVER_LOCK_TIMEOUT_MS',
    description: 'Longest wait for one lock, in ticks and in chunks.',
    min: 10,
    max: 3_600_000,
    fallback: 10_000,
  }),
  stopGraceMs: wholeNumber({
    variable: 'SILVER_STOP_GRACE_MS',
    description:
      'How long running chunks may still take after SIGTERM before they are cancelled and retried elsewhere.',
    min: 1_000,
    max: 3_600_000,
    fallback: 25_000,
  }),
  databaseCores: wholeNumber({
    variable: 'SILVER_DATABASE_CORES',
    description:
      "Cores of PostgreSQL's machine: above two active backends a core less is planned. 0: not known, and backends are not counted.",
    min: 0,
    max: 4_096,
    fallback: 0,
  }),
  pressureIntervalMs: wholeNumber({
    variable: 'SILVER_PRESSURE_INTERVAL_MS',
    description: "How often a scheduler reads the database's load.",
    min: 200,
    max: 600_000,
    fallback: 5_000,
  }),
  maintenanceIntervalMs: wholeNumber({
    variable: 'SILVER_MAINTENANCE_INTERVAL_MS',
    description:
      'How often each target is maintained, by one of the schedulers: partitions, retention, statistics, logs.',
    min: 1_000,
    max: 604_800_000,
    fallback: 3_600_000,
  }),
  validationIntervalMs: wholeNumber({
    variable: 'SILVER_VALIDATION_INTERVAL_MS',
    description: 'How often one of the schedulers validates all rollups and logs what it finds.',
    min: 1_000,
    max: 604_800_000,
    fallback: 3_600_000,
  }),
  keepLogsDays: wholeNumber({
    variable: 'SILVER_KEEP_LOGS_DAYS',
    description: 'Rows of the refresh, error and maintenance logs older than this are deleted.',
    min: 1,
    max: 36_500,
    fallback: 30,
  }),
  statusPort: port({
    variable: 'SILVER_STATUS_PORT',
    description:
      'Port at which a scheduler or worker serves /healthz, /readyz and, for Prometheus, /metrics.',
  }),
  statusHost: {
    variable: 'SILVER_STATUS_HOST',
    description: 'Address it is served at.',
    allowed: 'a name or address of this machine; 0.0.0.0 for all',
    fallback: '127.0.0.1',
    schema: z.string().trim(),
  } satisfies Setting,
  metricsIntervalMs: wholeNumber({
    variable: 'SILVER_METRICS_INTERVAL_MS',
    description:
      'However often measures are collected, a scheduler reads those of the database at most this often.',
    min: 100,
    max: 3_600_000,
    fallback: 15_000,
  }),
  metricsNames: wholeNumber({
    variable: 'SILVER_METRICS_NAMES',
    description:
      'Rollups, and sources, that are measured by name, those furthest behind first; sums count all.',
    min: 1,
    max: 500,
    fallback: 200,
  }),
  consoleHost: text({
    variable: 'SILVER_CONSOLE_HOST',
    description: 'Address the console listens on; one that others can reach needs a token.',
    allowed: 'an address or a host name',
    fallback: '127.0.0.1',
    pattern: /^[0-9a-zA-Z.:-]+$/,
  }),
  consolePort: wholeNumber({
    variable: 'SILVER_CONSOLE_PORT',
    description: 'Port the console listens on; 0 takes a free one.',
    min: 0,
    max: 65_535,
    fallback: 7_400,
  }),
  consoleToken: text({
    variable: 'SILVER_CONSOLE_TOKEN',
    description:
      'Who knows it may use the console: as the password of basic authentication, or as a bearer token.',
    allowed: '16 or more characters without blanks, or nothing',
    fallback: '',
    pattern: /^(\S{16,})?$/,
  }),
  consoleAct: oneOf({
    variable: 'SILVER_CONSOLE_ACT',
    description: 'Whether the console may pause, retry, verify and the like; off: it is read-only.',
    words: ['off', 'on'],
    fallback: 'off',
  }),
  traceUrl: text({
    variable: 'SILVER_TRACE_URL',
    description:
      "Where the console's links to traces lead, of Jaeger or Grafana Tempo; {traceId} stands for the trace's id.",
    allowed: 'http(s)://…{traceId}…, or nothing',
    fallback: '',
    pattern: /^(https?:\/\/\S*\{traceId\}\S*)?$/,
  }),
} as const satisfies Readonly<Record<string, Setting>>;

function checkDatabaseUrl(text: string, context: z.core.$RefinementCtx<string>): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'is not a PostgreSQL connection string' });
    return;
  }
  const pooler = url.searchParams.get('pooler');
  if (pooler !== null && pooler !== 'transaction') {
    const message = `has pooler=${pooler}; known is transaction, and a pooler in session mode needs none`;
    context.addIssue({ code: 'custom', message });
  }
  const sslMode = url.searchParams.get('sslmode');
  if (sslMode !== null && !acceptedSslModes.includes(sslMode)) {
    context.addIssue({
      code: 'custom',
      message: `has sslmode=${sslMode}; known are ${acceptedSslModes.join(', ')}`,
    });
  }
}
