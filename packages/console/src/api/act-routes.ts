import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { describeEffect } from '../act/describe-effect.ts';
import { performAction } from '../act/perform-action.ts';
import type { ConsoleDatabase } from '../database/open-database.ts';
import { action, effect, outcome } from './schema/action.ts';
import { problem } from './schema/console-info.ts';

const body = { content: { 'application/json': { schema: action } }, required: true };
const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});
const failures = {
  400: json(problem, 'There is nothing to act on, or an argument is wrong.'),
  403: json(problem, 'The console is read-only, or its role may not do that.'),
  500: json(problem, 'The database could not do it; nothing was changed.'),
};

/** What can be done: each action first says what it would do. */
export function addActRoutes(
  app: OpenAPIHono,
  { actorOf, database }: { database: ConsoleDatabase; actorOf: (request: Request) => string },
): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/actions/effect',
      summary: 'What an action would do; changes nothing',
      request: { body },
      responses: { 200: json(effect, 'One sentence or two.'), ...failures },
    }),
    async (context) => {
      const asked = context.req.valid('json');
      return context.json(
        { effect: await database.foresee((executor) => describeEffect(executor, asked)) },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/actions',
      summary: 'Does it, and writes it down in the audit table, in one transaction',
      request: { body },
      responses: { 200: json(outcome, 'What came of it.'), ...failures },
    }),
    async (context) => {
      const asked = context.req.valid('json');
      const done = await database.act((executor) =>
        performAction(executor, actorOf(context.req.raw), asked),
      );
      return context.json(done, 200);
    },
  );
}
