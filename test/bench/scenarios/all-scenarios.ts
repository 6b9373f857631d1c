import type { Scenario } from '../scenario.ts';
import { fill } from './fill.ts';
import { fleet } from './fleet.ts';
import { flights } from './flights.ts';
import { growth } from './growth.ts';
import { ingest } from './ingest.ts';
import { ladder } from './ladder.ts';
import { late } from './late.ts';
import { live } from './live.ts';
import { many } from './many.ts';
import { memory } from './memory.ts';
import { mode } from './mode.ts';
import { rerun } from './rerun.ts';
import { sparse } from './sparse.ts';
import { tick } from './tick.ts';
import { wide } from './wide.ts';

/** Every scenario, in the order in which they run. */
export const allScenarios: readonly Scenario[] = [
  flights,
  fill,
  rerun,
  late,
  ladder,
  wide,
  mode,
  sparse,
  many,
  live,
  ingest,
  fleet,
  tick,
  memory,
  growth,
];
