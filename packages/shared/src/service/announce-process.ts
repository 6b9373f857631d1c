import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import type { DatabasePool } from 'slonik';
import { z } from 'zod';
import { onSlonik } from '../database/executor.ts';
import { noteProcess } from '../silver/fleet.ts';
import type { Logger } from '../telemetry/logger.ts';
import { keepDoing } from './keep-doing.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('../../package.json'));

/** How often a process tells of itself. */
const announceIntervalMs = 10_000;

export interface AnnounceOptions {
  readonly pool: DatabasePool;
  readonly logger: Logger;
  /** The application_name of its connections, by which the console finds it alive. */
  readonly applicationName: string;
  /** Chunks it can run at once, and runs now; null for a process that runs none. */
  readonly slots: { readonly size: number; readonly running: () => number } | null;
}

/**
 * Tells the database what this process is and how busy: at once, and every ten seconds until the signal is aborted.
 * The first time must succeed; resolves with the rest, which is tried again where it fails.
 */
export async function announceProcess(
  { applicationName, logger, pool, slots }: AnnounceOptions,
  stopping: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  let last: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  const announce = async () => {
    const now = { at: performance.now(), cpu: process.cpuUsage() };
    const busyMs = (usage: NodeJS.CpuUsage) => (usage.user + usage.system) / 1000;
    const cpuCores =
      last === undefined ? null : (busyMs(now.cpu) - busyMs(last.cpu)) / (now.at - last.at);
    last = now;
    await noteProcess(onSlonik(pool), {
      name: applicationName,
      version,
      host: hostname(),
      pid: process.pid,
      slots: slots?.size ?? null,
      running: slots?.running() ?? null,
      cpuCores,
      memoryBytes: process.memoryUsage.rss(),
    });
  };
  await announce();
  const chore = { what: 'telling of this process', intervalMs: announceIntervalMs, run: announce };
  return { ended: keepDoing(chore, logger, stopping) };
}
