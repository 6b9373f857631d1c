import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startSilver } from '../silver-under-test.ts';

/** A program that serves its status, and where. */
export interface Serving {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Starts a scheduler or a worker that serves its status at a free port; the test ends it. */
export async function startServing(
  databaseUrl: string,
  program: 'scheduler' | 'worker',
  variables: Record<string, string> = {},
): Promise<Serving> {
  const child = startSilver(databaseUrl, [program], {
    LOG_LEVEL: 'info',
    SILVER_STATUS_PORT: '0',
    SILVER_METRICS_INTERVAL_MS: '100',
    ...variables,
  });
  if (child.stdout === null) throw new Error('its output is piped');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line);
    if (typeof url === 'string') {
      child.stdout.resume();
      return { child, url };
    }
  }
  throw new Error('it ended without saying where it serves');
}
