import {
  type Config,
  callRoutine,
  checkSchema,
  createLogger,
  onSlonik,
  openPool,
  SilverError,
} from '@silver/shared';
import { z } from 'zod';
import { checkClocks } from './check-clocks.ts';
import { checkDisk } from './check-disk.ts';
import { checkPooler } from './check-pooler.ts';
import type { Finding } from './finding.ts';

const finding = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  target_table: z.string().nullish(),
  message: z.string(),
  remedy: z.string(),
});
const facts = z.object({
  server_version: z.string(),
  now_ms: z.number(),
  has_settings: z.boolean(),
  data_directory: z.string().nullable(),
  is_local: z.boolean(),
  database_bytes: z.coerce.number(),
  rollups: z.coerce.number(),
});

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** What is fine, in a line; undefined where the database could not be asked. */
  readonly about: string | undefined;
}

const severities = ['error', 'warning', 'info'];

/** Looks at everything that keeps Silver from working on this database, or working well. Throws where it cannot be reached at all. */
export async function checkAll(config: Config): Promise<Diagnosis> {
  const { databaseUrl, lockTimeoutMs, tickTimeoutMs } = config;
  const pool = await openPool({
    databaseUrl,
    applicationName: 'silver doctor',
    size: 2, // a pooler shows only where two have something to do
    statementTimeoutMs: tickTimeoutMs,
    lockTimeoutMs,
    logger: createLogger({ logLevel: 'silent' }, 'doctor'),
  });
  try {
    const schema = await checkSchema(pool).then(() => undefined, describeSchema);
    if (schema !== undefined) {
      return { findings: [schema], about: undefined };
    }
    const executor = onSlonik(pool);
    await callRoutine(executor, 'server_facts'); // the first call of a session takes longer, and would blur the clocks
    const asked = Date.now();
    const server = facts.parse((await callRoutine(executor, 'server_facts'))[0]);
    const findings: Finding[] = [
      ...checkClocks(asked, server.now_ms, Date.now()),
      ...(await checkPooler(pool, databaseUrl, server.has_settings)),
      ...(await checkDisk({
        directory: server.data_directory,
        local: server.is_local,
        databaseBytes: server.database_bytes,
      })),
    ];
    for (const routine of ['check_server', 'validate_rollup_config']) {
      findings.push(...z.array(finding).parse(await callRoutine(executor, routine)));
    }
    return {
      findings: findings.toSorted(
        (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
      ),
      about: `PostgreSQL ${server.server_version}, ${server.rollups} rollup${server.rollups === 1 ? '' : 's'}`,
    };
  } finally {
    await pool.end();
  }
}

/** A database that does not fit is a finding; any other failure is thrown. */
function describeSchema(error: unknown): Finding {
  if (error instanceof SilverError && error.code.startsWith('SCHEMA_')) {
    return {
      severity: 'error',
      code: error.code.toLowerCase(),
      message: error.message,
      remedy: error.remedy ?? 'Run silver migrate.',
    };
  }
  throw error;
}
