import {
  type BackfillProgress,
  type Executor,
  listBackfills,
  pause,
  readBackfill,
  SilverError,
} from '@silver/shared';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { openScreen, type Screen } from '../output/open-screen.ts';
import { printJson, printJsonLine } from '../output/print-rows.ts';
import { showInterval } from '../output/show-duration.ts';
import { identifier } from '../parse-options.ts';
import { stopSignal } from '../until-stopped.ts';
import { withDatabase } from '../with-database.ts';

const intervalMs = 500;

/** `silver backfill watch [ID]`: shows an order until it has ended. */
export function addBackfillWatchCommand(backfill: Command): void {
  backfill
    .command('watch')
    .description('show how far a backfill is, with its rate and the time left, until it has ended')
    .argument('[id]', 'number of the backfill (default: the newest that is open)', identifier)
    .option('--json', 'print a line of json for each look')
    .action(async (id: string | undefined, { json }: { json?: boolean }, command: Command) => {
      const last = await withDatabase(command, (executor) => watch(executor, id, json === true));
      if (last === undefined) {
        if (json) {
          printJson(null);
        } else {
          process.stdout.write('no backfill is open\n');
        }
      } else if (last.state === 'cancelled') {
        process.exitCode = exitCodes.found;
      }
    });
}

/** Looks again and again, until it has ended or somebody interrupts. Returns what was seen last. */
async function watch(
  executor: Executor,
  asked: string | undefined,
  json: boolean,
): Promise<BackfillProgress | undefined> {
  const id =
    asked ?? (await listBackfills(executor)).find(({ state }) => state === 'open')?.backfill_id;
  if (id === undefined) {
    return undefined;
  }
  const stopping = stopSignal();
  using screen = openScreen(process.stdout);
  for (;;) {
    const seen = await readBackfill(executor, id);
    if (seen === undefined) {
      throw new SilverError('ARGUMENT_INVALID', `There is no backfill ${id}.`, {
        details: { id },
        remedy: 'silver backfill list shows those there are.',
      });
    }
    show(seen, screen, json);
    if (seen.state !== 'open' || stopping.aborted) {
      return seen;
    }
    await pause(intervalMs, stopping);
  }
}

function show(seen: BackfillProgress, screen: Screen, json: boolean): void {
  if (json) {
    printJsonLine(seen);
    return;
  }
  screen.show([
    {
      label: `${seen.backfill_id} ${seen.target_table}`,
      done: seen.done_buckets,
      total: seen.total_buckets,
      detail: describe(seen),
    },
  ]);
  if (seen.state !== 'open') {
    screen.settle();
  }
}

function describe(seen: BackfillProgress): string {
  const {
    buckets_per_second: rate,
    chunks_done,
    done_buckets,
    reason,
    time_left,
    total_buckets,
  } = seen;
  return [
    `${done_buckets.toLocaleString('en')} of ${total_buckets.toLocaleString('en')} buckets in ${chunks_done} chunks`,
    rate !== null && seen.state === 'open' && `${Math.round(rate).toLocaleString('en')} buckets/s`,
    time_left !== null && `${showInterval(time_left)} left`,
    reason,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
