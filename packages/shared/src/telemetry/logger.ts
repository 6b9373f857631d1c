import { type Logger as PinoLogger, pino } from 'pino';
import type { Config } from '../config/load-config.ts';

/** Silver's logger: one json object a line on standard output, which is left to the log collector. */
export type Logger = PinoLogger;

/** Makes the logger of one program. An error is logged once, where it is handled, under the key `err`. */
export function createLogger(config: Pick<Config, 'logLevel'>, program: string): Logger {
  return pino({
    base: { program, pid: process.pid },
    formatters: { level: (label) => ({ level: label }) },
    level: config.logLevel,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
