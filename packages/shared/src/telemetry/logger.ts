import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type Logger as PinoLogger, pino } from 'pino';
import type { Config } from '../config/load-config.ts';
import { attributeNames } from './attribute-names.ts';

/** Silver's logger: one json object a line on standard output, which is left to the log collector. */
export type Logger = PinoLogger;

/**
 * Makes the logger of one program. An error is logged once, where it is handled, under the key `err`. What a line is about it
 * names as spans do (`attributeNames`), and within a span it carries the ids of the trace, as OpenTelemetry wants them in json.
 */
export function createLogger(config: Pick<Config, 'logLevel'>, program: string): Logger {
  return pino({
    base: { [attributeNames.program]: program, pid: process.pid },
    formatters: { level: (label) => ({ level: label }) },
    level: config.logLevel,
    mixin: traceIds,
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

function traceIds(): object {
  const context = trace.getActiveSpan()?.spanContext();
  return context === undefined || !isSpanContextValid(context)
    ? {}
    : {
        trace_id: context.traceId,
        span_id: context.spanId,
        trace_flags: `0${context.traceFlags.toString(16)}`.slice(-2),
      };
}
