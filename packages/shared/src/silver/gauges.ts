import { z } from 'zod';
import type { Executor } from '../database/executor.ts';
import { parsedRows } from './rows.ts';

const gaugeRow = z.object({
  gauge: z.string(),
  attributes: z.record(z.string(), z.string()),
  value: z.number(),
});
/** One value of `silver.gauges`. */
export type GaugeRow = z.output<typeof gaugeRow>;

/** What there is to measure in the database, with at most so many rollups and sources named. */
export async function readGauges(
  executor: Executor,
  maxNames: number,
): Promise<readonly GaugeRow[]> {
  return parsedRows(executor, gaugeRow, 'select * from silver.gauges($1)', [maxNames]);
}
