import type { SupervisedProcess } from '@silver/demo';
import { pause } from '@silver/shared';
import type { EmbeddedPostgres } from '@silver/shared/embedded-postgres';
import type { Dice } from './dice.ts';

export interface FaultContext {
  readonly server: EmbeddedPostgres;
  readonly fleet: readonly SupervisedProcess[];
  readonly dice: Dice;
  /** Runs one statement; throws when the server is not there. Returns the rows it returned or changed. */
  readonly query: (text: string) => Promise<number>;
  readonly signal: AbortSignal;
}

/** One way to break things. */
export interface Fault {
  readonly kind: string;
  /** How often it comes in one round of all faults. */
  readonly weight: number;
  /** Returns how many things were broken: none, when it found nothing to break. May go on after the next fault has begun. */
  inject(context: FaultContext): Promise<number>;
}

export const restart = 'PostgreSQL crashed and restarted';
export const release = 'chunk released';

export const faults: readonly Fault[] = [
  {
    kind: 'worker killed',
    weight: 4,
    inject: async (context) => (kill(context, 'worker', 'SIGKILL') === undefined ? 0 : 1),
  },
  {
    kind: 'scheduler killed',
    weight: 3,
    inject: async (context) => (kill(context, 'scheduler', 'SIGKILL') === undefined ? 0 : 1),
  },
  {
    kind: 'worker stopped and let go',
    weight: 4,
    inject: (context) => stopAndGo(context, 'worker'),
  },
  {
    kind: 'scheduler stopped and let go',
    weight: 1,
    inject: (context) => stopAndGo(context, 'scheduler'),
  },
  {
    kind: 'backend of the fleet terminated',
    weight: 4,
    inject: (context) => terminate(context, 'silver'),
  },
  {
    kind: 'backend of a writer terminated',
    weight: 2,
    inject: (context) => terminate(context, 'chaos writer'),
  },
  { kind: restart, weight: 1, inject: crash },
  {
    kind: 'jobs deleted',
    weight: 3,
    inject: ({ dice, query }) =>
      query(`delete from silver_pgboss.job
        where state < 'completed' and abs(hashtext(id::text)) % 12 < ${dice.pick([4, 6, 12])}`),
  },
  {
    kind: release,
    weight: 2,
    inject: releaseSome,
  },
];

/** How long it waits for a chunk that no worker holds yet: they are there for some milliseconds each. */
const releaseWithinMs = 2_000;

async function releaseSome({ dice, query, signal }: FaultContext): Promise<number> {
  const atMost = dice.between(1, 3);
  const deadline = Date.now() + releaseWithinMs;
  for (;;) {
    const released = await query(`select from (
        select silver.release_chunk(chunk_id) as released from silver.timeseries_chunk order by chunk_id desc limit ${atMost}
      ) as chunks where released`);
    if (released > 0 || Date.now() > deadline || signal.aborted) {
      return released;
    }
    await pause(5, signal);
  }
}

function kill(
  { dice, fleet }: FaultContext,
  role: string,
  signal: NodeJS.Signals,
): number | undefined {
  const { pid } = dice.pick(fleet.filter(({ name }) => name.startsWith(role)));
  return pid !== undefined && send(pid, signal) ? pid : undefined;
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // It has just ended.
  }
}

/** For longer than a chunk takes, a lock is waited for, or a heartbeat is missed. */
async function stopAndGo(context: FaultContext, role: string): Promise<number> {
  const stoppedMs = context.dice.between(500, 8_000);
  const pid = kill(context, role, 'SIGSTOP');
  if (pid === undefined) {
    return 0;
  }
  await pause(stoppedMs, context.signal);
  send(pid, 'SIGCONT');
  return 1;
}

function terminate({ dice, query }: FaultContext, application: string): Promise<number> {
  return query(`select pg_terminate_backend(pid) from (
    select pid from pg_stat_activity where datname = current_database() and application_name like '${application}%'
    order by hashtext(pid::text || '${dice.between(0, 1_000_000)}') limit 1) as one`);
}

/** As after a power cut: what was not flushed is lost, every backend is gone at once. Prepared transactions stay. */
async function crash({ server }: FaultContext): Promise<number> {
  await server.stop('immediate');
  await server.start();
  return 1;
}
