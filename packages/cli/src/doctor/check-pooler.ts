import { randomBytes } from 'node:crypto';
import { createLogger, type Executor, listen, pause } from '@silver/shared';
import type { Finding } from './finding.ts';

/** How long a notification may take to come back: it is sent at once. */
const notificationMs = 5_000;
const looks = 10;

const remedy =
  'Connect to PostgreSQL itself, or through a pooler in session mode; only applications may go through transaction mode.';

/**
 * Whether a pooler stands between that gives each transaction another backend. Silver's sessions carry settings, LISTEN, and locks that
 * such a pooler loses.
 */
export async function checkPooler(
  executor: Executor,
  databaseUrl: string,
  readPid: () => Promise<number>,
  hasSettings: boolean,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  if (!hasSettings) {
    findings.push({
      severity: 'error',
      code: 'settings_dropped',
      message: 'the settings a session was opened with do not hold: a pooler drops them',
      remedy,
    });
  }
  const pids = new Set<number>();
  for (let look = 0; look < looks; look += 1) {
    pids.add(await readPid());
  }
  if (pids.size > 1) {
    findings.push({
      severity: 'error',
      code: 'pooler',
      message: `one connection was served by ${pids.size} backends: a pooler in transaction mode stands between`,
      remedy,
    });
  }
  if (!(await isNotified(executor, databaseUrl))) {
    findings.push({
      severity: 'warning',
      code: 'notifications',
      message: `a notification did not come back within ${notificationMs / 1000} s: schedulers and workers find work by polling alone`,
      remedy,
    });
  }
  return findings;
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
