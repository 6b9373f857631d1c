import type { Scenario } from '../scenario.ts';
import { peerFill } from './peer-fill.ts';
import { peerIngest } from './peer-ingest.ts';
import { peerLate } from './peer-late.ts';
import { peerLive } from './peer-live.ts';
import { peerRerun } from './peer-rerun.ts';

/** What `--peer` runs. */
export const peerScenarios: readonly Scenario[] = [
  peerFill,
  peerRerun,
  peerLate,
  peerLive,
  peerIngest,
];
