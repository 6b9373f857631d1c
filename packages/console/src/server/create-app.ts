import { OpenAPIHono } from '@hono/zod-openapi';
import { findDatabaseError, type Logger, SilverError } from '@silver/shared';
import { HTTPException } from 'hono/http-exception';
import { addActRoutes } from '../api/act-routes.ts';
import { addEventRoute } from '../api/event-route.ts';
import { addReadRoutes } from '../api/read-routes.ts';
import type { ConsoleInfo, Problem } from '../api/schema/console-info.ts';
import type { ConsoleDatabase } from '../database/open-database.ts';
import type { Feed } from '../live/live-state-feed.ts';
import { type GuardOptions, guards, headers, queuesPath } from './guard.ts';
import { servePage } from './serve-page.ts';

export interface AppOptions extends GuardOptions {
  readonly database: ConsoleDatabase;
  readonly feed: Feed;
  readonly info: ConsoleInfo;
  readonly logger: Logger;
  /** pg-boss's own dashboard. */
  readonly queues: (request: Request) => Promise<Response>;
}

/** The console as one web application: guards first, then the API, the queues, and the page for all else. */
export async function createApp(options: AppOptions): Promise<OpenAPIHono> {
  const { database, feed, info, logger, mayAct, queues } = options;
  const app = new OpenAPIHono({
    defaultHook: (result, context) =>
      result.success
        ? undefined
        : context.json(
            {
              message: result.error.issues
                .map(({ message, path }) => `${path.join('.')}: ${message}`)
                .join('; '),
              code: 'ARGUMENT_INVALID',
              remedy: 'See /api/openapi.json.',
            } satisfies Problem,
            400,
          ),
  });
  app.use(headers());
  for (const guard of guards(options)) {
    app.use(guard);
  }
  app.onError((error, context) => {
    if (error instanceof HTTPException) {
      return error.getResponse(); // a guard's: 401 asks for the password, 403 names no reason
    }
    const { problem, status } = explain(error);
    if (status === 500) {
      logger.error({ err: error, path: context.req.path }, 'the console could not answer');
    }
    return context.json(problem, status);
  });
  addReadRoutes(app, { database, feed, info });
  addActRoutes(app, { database, actorOf });
  addEventRoute(app, feed);
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Silver console',
      version: info.version,
      description: 'What the console shows and does, for programs.',
    },
  });
  app.all('/api/*', (context) =>
    context.json(
      { message: 'There is no such thing.', code: null, remedy: 'See /api/openapi.json.' },
      404,
    ),
  );
  const answerQueues = (request: Request) => queues(request);
  app.on(
    mayAct ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD'],
    [queuesPath, `${queuesPath}/*`],
    (context) => answerQueues(context.req.raw),
  );
  await servePage(app);
  return app;
}

/** Who acts: the name they signed in with, else that they are on this machine. */
function actorOf(request: Request): string {
  const basic = /^Basic (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const user = basic === undefined ? '' : Buffer.from(basic, 'base64').toString().split(':')[0];
  return user || (request.headers.has('authorization') ? 'token' : 'local');
}

function explain(error: unknown): { problem: Problem; status: 400 | 403 | 500 } {
  if (error instanceof SilverError) {
    const { code, message, remedy } = error;
    return {
      problem: { message, code, remedy: remedy ?? null },
      status: code === 'ARGUMENT_INVALID' ? 400 : 500,
    };
  }
  const failure = findDatabaseError(error);
  if (failure !== undefined) {
    const { hint, message, sqlState } = failure;
    const status = sqlState === '42501' ? 403 : /^(22|42|P0|23)/.test(sqlState) ? 400 : 500;
    return { problem: { message, code: sqlState, remedy: hint ?? null }, status };
  }
  return {
    problem: {
      message: 'The console could not answer.',
      code: null,
      remedy: 'Its log says why.',
    },
    status: 500,
  };
}
