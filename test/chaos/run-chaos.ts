import type { Client } from 'pg';
import { checkSnapshots } from './check-snapshots.ts';
import { type Comparison, compareTables, compareViews, type Mismatch } from './compare-levels.ts';
import { createHierarchy, dropHierarchy } from './hierarchy.ts';
import { injectFaults } from './inject-faults.ts';
import { type Arena, withClient } from './open-arena.ts';
import { operateActions } from './operate-actions.ts';
import { describeMismatches } from './print-report.ts';
import { runWriter } from './run-writer.ts';
import type { Sabotage } from './sabotages.ts';
import { createTally, type Tally } from './tally.ts';
import { untilQuiet } from './until-quiet.ts';
import { withoutMechanism } from './without-mechanism.ts';
import { writeActions } from './write-actions.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly writers: number;
  /** One mechanism taken out: then it stops at its first mismatch. */
  readonly sabotage?: Sabotage | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly injected: Tally;
  readonly outlived: Tally;
  readonly done: Tally;
  readonly refused: Tally;
  readonly rows: Tally;
  readonly snapshots: number;
  readonly interrupted: number;
  readonly buckets: number;
  readonly chunks: number;
  /** Those of them that computed groups by themselves. */
  readonly chunksByGroup: number;
  readonly mismatches: number;
  /** The first of them. */
  readonly shown: readonly Mismatch[];
  /** After how many seconds of chaos the first was seen. */
  readonly firstMismatchAfter: number | null;
  /** What was still to do when there had been nothing to wait for any more: null as it should be. */
  readonly stuck: string | null;
}

const fillWithinMs = 180_000;
/** How long the fleet may take to finish what is left when all is quiet. */
const quietWithinMs = 240_000;
const maxShown = 20;
const progressMs = 60_000;
const maxDropAttempts = 5;

/** Breaks everything that can break while applications write, and compares all the time. Leaves the arena as it found it. */
export async function runChaos(arena: Arena, options: ChaosOptions): Promise<ChaosReport> {
  const signal = AbortSignal.any([options.signal, arena.failed]);
  await withClient(arena, async (client) => {
    await createHierarchy(client);
    // Views that are still filling are right as well, but take seconds each.
    const unfilled = await untilQuiet(client, fillWithinMs, signal);
    if (unfilled !== undefined) {
      throw new Error(`the rollups did not fill within ${fillWithinMs / 1_000} s: ${unfilled}`);
    }
    const { mismatches } = await compareViews(client);
    if (mismatches.length > 0) {
      throw new Error(
        `views are wrong before anything was broken: ${describeMismatches(mismatches.slice(0, maxShown), null)}`,
      );
    }
  });
  const storm = () => breakAndCompare(arena, options, signal);
  try {
    return options.sabotage === undefined
      ? await storm()
      : await withoutMechanism(arena, options.sabotage, storm);
  } finally {
    if (!signal.aborted) {
      await withClient(arena, clearAway);
    }
  }
}

/** Nobody writes any more, but chunks may still be running. */
async function clearAway(client: Client): Promise<void> {
  await finishPrepared(client);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await dropHierarchy(client);
    } catch (error) {
      if (attempt === maxDropAttempts) {
        throw error;
      }
    }
  }
}

async function breakAndCompare(
  arena: Arena,
  { sabotage, say, seconds, seed, writers }: ChaosOptions,
  signal: AbortSignal,
): Promise<ChaosReport> {
  const found = createFindings();
  const tallies = { done: createTally(), refused: createTally(), rows: createTally() };
  const injected = createTally();
  const outlived = createTally();
  const stop = new AbortController();
  const over = AbortSignal.any([AbortSignal.timeout(seconds * 1_000), stop.signal, signal]);
  const { fleet, server } = arena;
  const common = { databaseUrl: arena.databaseUrl, seed, signal: over };
  const parts = [
    ...Array.from({ length: writers }, (_, index) =>
      runWriter({
        ...common,
        ...tallies,
        number: index + 1,
        actions: writeActions.filter(({ kind }) => sabotage?.writes?.includes(kind) ?? true),
        longestPauseMs: 250,
      }),
    ),
    ...(sabotage === undefined
      ? [
          runWriter({
            ...common,
            ...tallies,
            number: 900,
            actions: operateActions,
            longestPauseMs: 4_000,
          }),
        ]
      : []),
    injectFaults({
      ...common,
      server,
      fleet,
      injected,
      outlived,
      kinds: sabotage?.faults,
      pauseMs: sabotage?.faultPauseMs,
    }),
    checkSnapshots({
      ...common,
      onSnapshot: (comparison) => {
        if (sabotage === undefined && found.mismatches === 0 && comparison.mismatches.length > 0) {
          say(describeMismatches(comparison.mismatches.slice(0, maxShown), comparison.state));
        }
        found.add(comparison);
        if (sabotage !== undefined && found.mismatches > 0) {
          stop.abort();
        }
      },
      onInterruption: () => {
        found.interrupted += 1;
      },
    }),
  ];
  const progress = setInterval(() => {
    say(
      `chaos: ${injected.total} faults, ${tallies.rows.total} rows, ${found.snapshots} snapshots, ${found.mismatches} mismatches`,
    );
  }, progressMs);
  // Whoever fails stops the others at once, and is heard of when they have all ended.
  const ended = await Promise.allSettled(
    parts.map((part) =>
      part.catch((error: unknown) => {
        if (!over.aborted || error !== over.reason) {
          stop.abort(error);
          throw error;
        }
      }),
    ),
  );
  clearInterval(progress);
  signal.throwIfAborted();
  for (const end of ended) {
    if (end.status === 'rejected') {
      throw end.reason;
    }
  }
  const stuck =
    sabotage === undefined || found.mismatches === 0
      ? await finish(arena, found, say, signal)
      : null;
  const counted = await withClient(arena, async (client) => {
    const { rows } = await client.query<{ chunks: number; chunksByGroup: number }>(
      `select count(*)::int as chunks, count(groups)::int as "chunksByGroup" from silver.timeseries_refresh_log`,
    );
    return rows[0] ?? { chunks: 0, chunksByGroup: 0 };
  });
  const { buckets, firstAfter, interrupted, mismatches, shown, snapshots } = found;
  return {
    seed,
    injected,
    outlived,
    ...tallies,
    snapshots,
    interrupted,
    buckets,
    ...counted,
    mismatches,
    shown,
    firstMismatchAfter: firstAfter,
    stuck,
  };
}

/** Lets the fleet finish, and compares views and tables once more. Returns what it did not finish. */
async function finish(
  arena: Arena,
  found: ReturnType<typeof createFindings>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  say('chaos: writers and faults have stopped; the fleet finishes');
  return withClient(arena, async (client) => {
    await finishPrepared(client);
    const stuck = await untilQuiet(client, quietWithinMs, signal);
    for (const compare of stuck === undefined ? [compareViews, compareTables] : [compareViews]) {
      const comparison = await compare(client);
      if (found.mismatches === 0 && comparison.mismatches.length > 0) {
        say(describeMismatches(comparison.mismatches.slice(0, maxShown), comparison.state));
      }
      found.add(comparison);
    }
    return stuck ?? null;
  });
}

/** Half of what was prepared and forgotten is committed. */
async function finishPrepared(client: Client): Promise<void> {
  const { rows } = await client.query<{ gid: string }>(
    'select gid from pg_prepared_xacts order by gid',
  );
  for (const [index, { gid }] of rows.entries()) {
    await client.query(`${index % 2 === 0 ? 'commit' : 'rollback'} prepared '${gid}'`);
  }
}

function createFindings() {
  const startedAt = performance.now();
  const shown: Mismatch[] = [];
  const findings = {
    snapshots: 0,
    interrupted: 0,
    buckets: 0,
    mismatches: 0,
    shown,
    firstAfter: null as number | null,
    add(comparison: Comparison): void {
      findings.snapshots += 1;
      findings.buckets += comparison.buckets;
      findings.mismatches += comparison.mismatches.length;
      shown.push(...comparison.mismatches.slice(0, maxShown - shown.length));
      if (comparison.mismatches.length > 0) {
        findings.firstAfter ??= (performance.now() - startedAt) / 1_000;
      }
    },
  };
  return findings;
}
