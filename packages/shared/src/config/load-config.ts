import type { z } from 'zod';
import { SilverError } from '../errors/silver-error.ts';
import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

/** Silver's configuration, parsed once at the start and trusted from then on. */
export type Config = {
  readonly [Key in keyof typeof settings]: z.output<(typeof settings)[Key]['schema']>;
};

/** Texts that take precedence over the environment, as a command-line option gives them. */
export type ConfigOverrides = { readonly [Key in keyof typeof settings]?: string | undefined };

/**
 * Reads the configuration from environment variables. All that is wrong is named at once, each with its variable,
 * its value and what would be right; nothing starts with half a configuration.
 */
export function loadConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  overrides: ConfigOverrides = {},
): Config {
  const config: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries<Setting>(settings)) {
    const given = overrides[key as keyof ConfigOverrides] ?? environment[setting.variable];
    const text = given === undefined || given.trim() === '' ? setting.fallback : given;
    if (text === undefined) {
      problems.push(`${setting.variable} is not set. Set it to ${setting.allowed}.`);
      continue;
    }
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) {
      config[key] = parsed.data;
    } else {
      problems.push(explainProblem(setting, text, parsed.error));
    }
  }
  if (problems.length > 0) {
    throw new SilverError('CONFIG_INVALID', problems.join('\n'), { details: { problems } });
  }
  return config as Config;
}

function explainProblem(setting: Setting, text: string, error: z.ZodError): string {
  // A connection string may hold a password, so its value is never repeated.
  const value =
    setting.variable === settings.databaseUrl.variable
      ? setting.variable
      : `${setting.variable}="${text}"`;
  const reason = error.issues.map((issue) => issue.message).join(', ');
  const fallback = setting.fallback === undefined ? '' : ` (default ${setting.fallback})`;
  return `${value} ${reason}. Set it to ${setting.allowed}${fallback}.`;
}
