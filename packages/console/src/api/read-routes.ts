import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { findDatabaseError, parsedRows, parsedValue } from '@silver/shared';
import type { ConsoleDatabase } from '../database/open-database.ts';
import type { Feed } from '../live/live-state-feed.ts';
import { auditEntry } from './schema/action.ts';
import { type ConsoleInfo, consoleInfo, problem } from './schema/console-info.ts';
import { dataFilter, dataPoint } from './schema/data-point.ts';
import { chosenInstant } from './schema/instant.ts';
import { liveState } from './schema/live-state.ts';
import { rollupDetail } from './schema/rollup-detail.ts';

const rollupPath = z.object({
  rollupId: z.coerce.number<string>().int().positive().openapi({ example: 1 }),
});
const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});
const failures = {
  400: json(problem, 'A parameter is wrong.'),
  404: json(problem, 'There is no such rollup.'),
  500: json(problem, 'The database could not answer.'),
};

export interface ReadRoutesOptions {
  readonly database: ConsoleDatabase;
  readonly feed: Feed;
  readonly info: ConsoleInfo;
}

/** What can be read. */
export function addReadRoutes(app: OpenAPIHono, { database, feed, info }: ReadRoutesOptions): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/info',
      summary: 'What this console may do',
      responses: { 200: json(consoleInfo, 'Version, rights, links.') },
    }),
    (context) => context.json(info, 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/state',
      summary: 'Every rollup and every process, as of the last second',
      responses: { 200: json(liveState, 'The state.'), 500: failures[500] },
    }),
    async (context) => context.json((await feed.recent(null)).state, 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/rollups/{rollupId}',
      summary: 'One rollup: settings, hierarchy, coverage, chunks, errors',
      request: { params: rollupPath },
      responses: { 200: json(rollupDetail, 'The rollup.'), ...failures },
    }),
    async (context) => {
      const { rollupId } = context.req.valid('param');
      const detail = (await feed.recent(rollupId)).details.get(rollupId);
      return detail === undefined
        ? context.json(noSuchRollup(rollupId), 404)
        : context.json(detail, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/rollups/{rollupId}/statement',
      summary: 'The stored SQL of a rollup, and the plan PostgreSQL has for it now',
      request: { params: rollupPath },
      responses: {
        200: json(z.object({ lines: z.array(z.string()) }).openapi('Statement'), 'The text.'),
        ...failures,
      },
    }),
    async (context) => {
      const { rollupId } = context.req.valid('param');
      const lines = await explain(database, rollupId);
      return context.json({ lines }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/rollups/{rollupId}/data',
      summary: 'One column of the live view, a value a bucket',
      request: {
        params: rollupPath,
        query: z.object({
          column: z.string().min(1),
          from: chosenInstant,
          to: chosenInstant,
          filter: dataFilter,
        }),
      },
      responses: {
        200: json(z.array(dataPoint), 'The points, oldest first.'),
        ...failures,
      },
    }),
    async (context) => {
      const { rollupId } = context.req.valid('param');
      const { column, filter, from, to } = context.req.valid('query');
      const points = await database.read((executor) =>
        parsedRows(
          executor,
          dataPoint,
          'select * from silver.console_data($1, $2, $3::timestamptz, $4::timestamptz, $5::jsonb)',
          [rollupId, column, from, to, JSON.stringify(filter)],
        ),
      );
      return context.json(points, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/audit',
      summary: 'What people did through the console, newest first',
      responses: { 200: json(z.array(auditEntry), 'At most 200 entries.'), 500: failures[500] },
    }),
    async (context) => {
      const entries = await database.read((executor) =>
        parsedValue(executor, z.array(auditEntry), 'select silver.console_audit() as value'),
      );
      return context.json(entries, 200);
    },
  );
}

/** By silver.explain_rollup, with the plan; or, where the role may not plan the statement, its text and the reason. */
async function explain(database: ConsoleDatabase, rollupId: number): Promise<string[]> {
  const text = (query: string) =>
    database.read((executor) =>
      parsedRows(executor, z.object({ line: z.string() }), query, [rollupId]),
    );
  try {
    const rows = await text(
      'select silver.explain_rollup(c.target_table::text) as line from silver.timeseries_rollup_config c where c.rollup_id = $1',
    );
    return rows.map(({ line }) => line);
  } catch (error) {
    const failure = findDatabaseError(error);
    if (failure?.sqlState !== '42501') {
      throw error;
    }
    const rows = await text(
      'select fill as line from silver.timeseries_rollup_statement where rollup_id = $1',
    );
    return [
      `No plan: ${failure.message}. It takes the rights of silver_worker.`,
      '',
      ...rows.flatMap(({ line }) => line.split('\n')),
    ];
  }
}

function noSuchRollup(rollupId: number) {
  return {
    message: `There is no rollup ${rollupId}.`,
    code: null,
    remedy: 'It may have been dropped: look at the list of all.',
  };
}
