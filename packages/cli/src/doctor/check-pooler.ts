import { randomBytes } from 'node:crypto';
import {
  createLogger,
  type Executor,
  isThroughPooler,
  listen,
  onSlonik,
  type openPool,
  parsedValue,
  pause,
} from '@silver/shared';
import { z } from 'zod';
import type { Finding } from './finding.ts';

/** How long a notification may take to come back: it is sent at once. */
const notificationMs = 5_000;
const looks = 5;

type Pool = Awaited<ReturnType<typeof openPool>>;

const remedy =
  'Add pooler=transaction to the parameters of DATABASE_URL; or connect to PostgreSQL itself, or through a pooler in session mode.';

/**
 * Whether a pooler stands between that gives each transaction another backend, and DATABASE_URL does not say so: sessions then lose their
 * settings and LISTEN. `hasSettings`: whether a session has those it was opened with. The pool must have two connections.
 */
export async function checkPooler(
  pool: Pool,
  databaseUrl: string,
  hasSettings: boolean,
): Promise<readonly Finding[]> {
  if (isThroughPooler(databaseUrl)) {
    return [
      {
        severity: 'info',
        code: 'pooler',
        message:
          'by way of a pooler in transaction mode, as DATABASE_URL says: nothing is listened to, so what falls due waits for the next poll (SILVER_POLL_INTERVAL_MS)',
        remedy:
          'Nothing, if that is soon enough; a direct connection wakes schedulers and workers.',
      },
    ];
  }
  const findings: Finding[] = [];
  if (!hasSettings) {
    findings.push({
      severity: 'error',
      code: 'settings_dropped',
      message: 'the settings a session was opened with do not hold: a pooler drops them',
      remedy,
    });
  }
  const backends = await countBackends(pool);
  if (backends > 1) {
    findings.push({
      severity: 'error',
      code: 'pooler',
      message: `one connection was served by ${backends} backends: a pooler in transaction mode stands between`,
      remedy,
    });
  }
  if (!(await isNotified(onSlonik(pool), databaseUrl))) {
    findings.push({
      severity: 'warning',
      code: 'notifications',
      message: `a notification did not come back within ${notificationMs / 1000} s: schedulers and workers find work by polling alone`,
      remedy,
    });
  }
  return findings;
}

/** How many backends serve one connection, when another one has a transaction open now and then, and so may hold the first one's backend. */
async function countBackends(pool: Pool): Promise<number> {
  const pidOf = (executor: Executor) =>
    parsedValue(executor, z.number(), 'select pg_backend_pid() as value');
  return pool.connect((one) =>
    pool.connect(async (other) => {
      const pids = new Set<number>();
      for (let look = 0; look < looks; look += 1) {
        pids.add(await pidOf(onSlonik(one)));
        // By hand: within slonik's own transaction nothing may be asked elsewhere.
        await onSlonik(other).rows('begin');
        try {
          await pidOf(onSlonik(other));
          pids.add(await pidOf(onSlonik(one)));
        } finally {
          await onSlonik(other).rows('rollback');
        }
      }
      return pids.size;
    }),
  );
}

async function isNotified(executor: Executor, databaseUrl: string): Promise<boolean> {
  const channel = `silver_doctor_${randomBytes(6).toString('hex')}`;
  const waiting = new AbortController();
  let wakes = 0;
  const listener = listen({
    databaseUrl,
    applicationName: 'silver doctor',
    channel,
    logger: createLogger({ logLevel: 'silent' }, 'doctor'),
    onWake: () => {
      wakes += 1;
      if (wakes === 1) {
        // It is called once when it listens, then for each notification.
        executor.rows('select pg_notify($1, $2)', [channel, '']).catch(() => undefined);
      } else {
        waiting.abort();
      }
    },
  });
  await pause(notificationMs, waiting.signal);
  await listener.close();
  return wakes > 1;
}
