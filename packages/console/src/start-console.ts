import { createRequire } from 'node:module';
import { serve } from '@hono/node-server';
import { createDashboardHandler } from '@pg-boss/dashboard/handler';
import {
  type Config,
  type Logger,
  parsedRows,
  queueSchema,
  type Service,
  SilverError,
} from '@silver/shared';
import { z } from 'zod';
import { liveState } from './api/schema/live-state.ts';
import { rollupDetail } from './api/schema/rollup-detail.ts';
import { openDatabase } from './database/open-database.ts';
import { createFeed, type Look } from './live/live-state-feed.ts';
import { createApp } from './server/create-app.ts';
import { isLoopback, queuesPath } from './server/guard.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('../package.json'));

/** Pages may cost the database one look a second, however many are open. */
const lookIntervalMs = 1_000;

const lookRow = z.object({
  read_at: z.string(),
  fleet: liveState.shape.fleet,
  processes: liveState.shape.processes,
  details: z.array(rollupDetail),
});

/** A console that runs. */
export interface Console extends Service {
  /** Where it is. */
  readonly url: string;
}

/**
 * Starts the console: one server with the page, its API and pg-boss's dashboard. It reads with the least rights, and
 * acts only when it is told that it may. Throws CONFIG_INVALID for an address others can reach without a token.
 */
export async function startConsole(config: Config, logger: Logger): Promise<Console> {
  const { consoleHost: host, consolePort: port } = config;
  const token = config.consoleToken === '' ? null : config.consoleToken;
  const mayAct = config.consoleAct === 'on';
  if (token === null && !isLoopback(host)) {
    throw new SilverError(
      'CONFIG_INVALID',
      `SILVER_CONSOLE_HOST="${host}" can be reached from other machines, and SILVER_CONSOLE_TOKEN is not set.`,
      { remedy: 'Set SILVER_CONSOLE_TOKEN to a long random text, or keep to 127.0.0.1.' },
    );
  }
  const database = await openDatabase(config, logger);
  const look = async (rollupIds: readonly number[]): Promise<Look> => {
    const [row] = await database.read((executor) =>
      parsedRows(executor, lookRow, 'select * from silver.console_look($1::integer[])', [
        `{${rollupIds.join(',')}}`,
      ]),
    );
    if (row === undefined) {
      throw new SilverError('ROW_UNEXPECTED', 'silver.console_look returned nothing.');
    }
    const { details, ...state } = row;
    return { state, details: new Map(details.map((detail) => [detail.rollup_id, detail])) };
  };
  const feed = createFeed({ look, logger, intervalMs: lookIntervalMs });
  const dashboard = createDashboardHandler({
    databases: [{ url: config.databaseUrl, name: 'silver', schema: queueSchema }],
    basePath: queuesPath,
  });
  const closeAll = async () => {
    await feed.stop();
    await dashboard.close();
    await database.close();
  };
  try {
    const info = {
      version,
      may_act: mayAct,
      trace_url: config.traceUrl === '' ? null : config.traceUrl,
    };
    const app = await createApp({
      database,
      feed,
      host,
      info,
      logger,
      mayAct,
      queues: dashboard,
      token,
    });
    const { address, server } = await listening(app.fetch, host, port);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${address}`;
    logger.info({ url, mayAct }, 'the console is open');
    return {
      url,
      // It has no loop of its own: it looks when somebody has a page open.
      health: { loop: () => undefined, checks: () => database.checks() },
      stop: async () => {
        await feed.stop();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function listening(
  fetch: (request: Request) => Response | Promise<Response>,
  host: string,
  port: number,
): Promise<{ server: import('node:http').Server; address: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, ({ port: address }) =>
      resolve({ server: server as import('node:http').Server, address }),
    );
    server.once('error', (cause) =>
      reject(
        new SilverError(
          'CONFIG_INVALID',
          `The console cannot listen on ${host}:${port}: ${cause.message}.`,
          {
            cause,
            remedy: 'Choose another SILVER_CONSOLE_PORT; 0 takes a free one.',
          },
        ),
      ),
    );
  });
}
