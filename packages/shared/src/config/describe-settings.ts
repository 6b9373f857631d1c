import type { Setting } from './setting.ts';
import { settings } from './settings.ts';

/** One line of the table of settings. */
export interface SettingDescription {
  readonly variable: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly description: string;
}

/** The table of settings for `--help` and the docs, made from the code that parses them. */
export function describeSettings(): readonly SettingDescription[] {
  return Object.values<Setting>(settings).map(({ variable, allowed, fallback, description }) => ({
    variable,
    allowed,
    fallback: fallback === '' ? 'none' : (fallback ?? 'must be set'),
    description,
  }));
}
