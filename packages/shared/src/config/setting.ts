import { z } from 'zod';

/** One environment variable Silver reads: its name, its bounds and what it means, in one place. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly variable: string;
  readonly description: string;
  /** What is allowed, in words: shown in the table of settings and in the remedy of an error. */
  readonly allowed: string;
  /** Used when the variable is unset or empty; undefined: it must be set. */
  readonly fallback: string | undefined;
  readonly schema: Schema;
}

/** A whole number between two bounds, with its unit. */
export function wholeNumber(options: {
  readonly variable: string;
  readonly description: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}) {
  const { variable, description, min, max, fallback } = options;
  const schema = z
    .string()
    .trim()
    .regex(/^\d+$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `is below ${min}`).max(max, `is above ${max}`));
  return {
    variable,
    description,
    allowed: `${min}–${max}`,
    fallback: String(fallback),
    schema,
  } satisfies Setting;
}

/** A port to listen on, or none. */
export function port(options: { readonly variable: string; readonly description: string }) {
  const number = z
    .string()
    .regex(/^\d+$/, 'is not a port')
    .transform(Number)
    .pipe(z.number().max(65_535, 'is above 65535'));
  return {
    ...options,
    allowed: 'off, or 0–65535; 0 takes a free one',
    fallback: 'off',
    schema: z
      .string()
      .trim()
      .transform((text) => (text === 'off' ? undefined : text))
      .pipe(z.union([z.undefined(), number], { error: 'is not a port' })),
  } satisfies Setting;
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(options: {
  readonly variable: string;
  readonly description: string;
  readonly words: Words;
  readonly fallback: Words[number];
}) {
  const { variable, description, words, fallback } = options;
  const allowed = words.join(', ');
  return {
    variable,
    description,
    allowed,
    fallback,
    schema: z.enum(words, `is not one of ${allowed}`),
  } satisfies Setting;
}

/** Any text that satisfies a pattern; empty when it is not set. */
export function text(options: {
  readonly variable: string;
  readonly description: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly pattern: RegExp;
}) {
  const { pattern, ...rest } = options;
  return {
    ...rest,
    schema: z.string().trim().regex(pattern, 'does not look right'),
  } satisfies Setting;
}
