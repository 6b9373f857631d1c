import type { Screen } from '@silver/cli/screen';
import { createLogger, migrate } from '@silver/shared';
import { startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import type { Client } from 'pg';
import { startFleet } from '../fleet/start-fleet.ts';
import { declareRollups } from '../flights/declare-rollups.ts';
import { loadFlights } from '../flights/load-flights.ts';
import { countMismatches, type Judgement, judgeRollups } from '../judge/judge-rollups.ts';
import { renderLaps, renderRollups, renderVerdict, whole } from '../report/render-report.ts';
import { connect } from './connect.ts';
import type { DemoOptions } from './demo-options.ts';
import { type RolledUp, rollUp } from './roll-up.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';
import { Interruption, untilStopped } from './until-stopped.ts';

/** What the story passes from one step to the next. */
export interface Stage {
  readonly options: DemoOptions;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly stopwatch: Stopwatch;
  readonly client: Client;
}

/**
 * The demonstration, from an empty machine to the judge's word. Whatever a step starts ends with this function, last
 * first: processes, server, directories; also when `stop` is aborted in the middle or a step fails.
 */
export async function runDemo(
  options: DemoOptions,
  screen: Screen,
  stop: AbortController,
): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const { signal } = stop;
  const stopwatch = createStopwatch();
  const fail = (error: Error) => stop.abort(error);

  const server = await stopwatch.time('start PostgreSQL', () => startEmbeddedPostgres({ signal }));
  const { connectionString: databaseUrl, directory } = resources.use(server);
  screen.say(`PostgreSQL runs: ${databaseUrl}`);
  const { client } = resources.use(await connect(databaseUrl, signal, fail));
  await stopwatch.time('migrate', () =>
    migrate({ databaseUrl, logger: createLogger({ logLevel: 'silent' }, 'demo') }),
  );

  const stage: Stage = { options, screen, signal, stopwatch, client };
  await load(stage);
  await stopwatch.time('declare', () => declareRollups(client));
  screen.say('declared: hourly by origin, from it daily by origin, and daily by route');
  const onNote = (line: string) => screen.say(line);
  resources.use(startFleet({ databaseUrl, workers: 2, onNote, onGiveUp: fail }));
  const rolledUp = await rollUp(stage);
  const judgement = await judge(stage, directory, rolledUp);

  screen.say(renderRollups(rolledUp.rollups, judgement.tables));
  screen.say(renderLaps(stopwatch.laps, stopwatch.totalMs()));
  if (options.keep) {
    screen.say(`all is left running: ${databaseUrl}`);
    screen.say(`  look:  npm run silver -- status --database-url ${databaseUrl}`);
    screen.say(`  stop:  Ctrl-C here, or kill ${process.pid}; it removes everything`);
  }
  conclude(screen, judgement);
  if (options.keep) {
    await untilStopped(signal);
    if (!(signal.reason instanceof Interruption)) {
      throw signal.reason;
    }
  }
}

async function load({ client, options, screen, signal, stopwatch }: Stage): Promise<void> {
  const { rows } = options;
  const startedAt = performance.now();
  const onProgress = (sent: number) => {
    const rate = (sent * 1000) / (performance.now() - startedAt);
    const detail = `${whole(sent)} rows, ${whole(rate)} rows/s`;
    screen.show([{ label: 'copy into public.flights', done: sent, total: rows, detail }]);
  };
  await stopwatch.time('load', () => loadFlights({ client, rows, signal, onProgress }));
  screen.settle();
  screen.say('gathering statistics');
  await stopwatch.time('analyze', () => client.query('analyze public.flights'));
}

async function judge(
  { client, options, screen, signal, stopwatch }: Stage,
  directory: string,
  { change, rollups }: RolledUp,
): Promise<Judgement> {
  screen.say('DuckDB reads the flights, changes them likewise, and compares every bucket');
  return stopwatch.time('judge', () =>
    judgeRollups({
      client,
      change,
      targets: rollups.map(({ target }) => target),
      rows: options.rows,
      directory,
      signal,
      onVerdict: ({ isLiveView, target, verdict }) =>
        screen.say(
          `  ${target}${isLiveView ? '_live' : ''}: ${whole(verdict.buckets)} buckets, ${renderVerdict(verdict)}`,
        ),
    }),
  );
}

/** Says the last line, or throws what is wrong. */
function conclude(screen: Screen, judgement: Judgement): void {
  const { expectedSourceRows, sourceRows, tables } = judgement;
  const mismatches = countMismatches(judgement);
  const buckets = tables
    .filter(({ isLiveView }) => !isLiveView)
    .reduce((sum, { verdict }) => sum + verdict.buckets, 0);
  const found = `${sourceRows} rows, ${buckets} buckets, ${mismatches} mismatches`;
  if (mismatches > 0 || buckets === 0) {
    throw new Error(`${found}; the source should hold ${expectedSourceRows} rows`);
  }
  screen.say(`demo: ok, ${found}`);
}
