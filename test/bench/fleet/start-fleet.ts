import { type SupervisedProcess, startMember } from '@silver/demo';
import { pause } from '@silver/shared';
import type { DatabaseCopy } from '../server/database-copies.ts';

/** A scheduler and workers, each a process of its own as in production. */
export interface Fleet extends AsyncDisposable {
  /** The scheduler first. */
  readonly members: readonly SupervisedProcess[];
  /** Resolves when nothing is left to do: everything due is computed. Seen at most 20 ms later. */
  untilSettled(): Promise<void>;
}

/** Starts a fleet, and waits until it is at rest: it waits for work. `slots`: chunks at a time in each worker. */
export async function startFleet(
  { client, databaseUrl }: DatabaseCopy,
  workers: number,
  signal: AbortSignal,
  slots = 1,
): Promise<Fleet> {
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  await using resources = new AsyncDisposableStack();
  const names = Array.from({ length: workers }, (_, index) => `worker ${index + 1}`);
  const members = ['scheduler', ...names].map((name) =>
    resources.use(
      startMember({
        databaseUrl,
        name,
        role: name === 'scheduler' ? 'scheduler' : 'worker',
        variables: { SILVER_WORKER_CONCURRENCY: String(slots) },
        onNote: () => undefined,
        onGiveUp: (error) => failed.abort(error),
      }),
    ),
  );
  await Promise.all(members.map(({ ready }) => ready));
  await untilIdle(client, ended);
  const owned = resources.move();
  return {
    members,
    untilSettled: () => untilSettled(client, ended),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** No backend of this database has done anything for a while. */
async function untilIdle(client: DatabaseCopy['client'], signal: AbortSignal): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    signal.throwIfAborted();
    const { rows } = await client.query<{ busy: number }>(
      `select count(*)::integer as busy from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
    );
    quiet = rows[0]?.busy === 0 ? quiet + 1 : 0;
    await pause(50);
  }
}

/** The cheap questions first: the last one costs as much as a scheduler's look, and is asked when all else is done. */
async function untilSettled(client: DatabaseCopy['client'], signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<{ busy: boolean }>(
      `select exists (select from silver.timeseries_chunk) or exists (select from silver.timeseries_invalidation_log)
         or exists (select from silver.timeseries_drain)
         or exists (select from silver.timeseries_progress p where not isempty(p.dirty) or isempty(p.covered)) as busy`,
    );
    if (rows[0]?.busy === false) {
      const due = await client.query('select from silver.due_sources()');
      if (due.rowCount === 0) {
        return;
      }
    }
    await pause(20, signal);
  }
}
