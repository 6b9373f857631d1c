import { type Executor, parsedValue, SilverError } from '@silver/shared';
import { z } from 'zod';
import type { Action } from '../api/schema/action.ts';

/** Says, before anything happens, what an action would do, from the database as it is now. It changes nothing. */
export async function describeEffect(executor: Executor, action: Action): Promise<string> {
  const effect = await parsedValue(
    executor,
    z.string().nullable(),
    'select silver.describe_action($1::jsonb) as value',
    [JSON.stringify(action)],
  );
  if (effect === null) {
    throw new SilverError('ARGUMENT_INVALID', `There is nothing to ${action.action}.`, {
      details: { action },
      remedy: 'It changed meanwhile: look at the page again.',
    });
  }
  return effect;
}
