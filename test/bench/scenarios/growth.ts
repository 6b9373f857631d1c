import { growGroups } from '../growth/grow-groups.ts';
import { growHistory } from '../growth/grow-history.ts';
import { growRollups } from '../growth/grow-rollups.ts';
import { growRows } from '../growth/grow-rows.ts';
import { growWorkers } from '../growth/grow-workers.ts';
import type { GrowthPart } from '../growth/growth-part.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { Scenario } from '../scenario.ts';

const parts: readonly GrowthPart[] = [growRows, growGroups, growWorkers, growRollups, growHistory];

/** How cost grows: with rows, groups, workers, rollups and history, one at a time. Each is a plot. */
export const growth: Scenario = {
  name: 'growth',
  description: 'how cost grows with rows, groups, workers, rollups and history',
  ratios: [],
  limits: [],
  plots: parts.map(({ plot }) => plot),
  run: (context) =>
    inRounds(context, async (own) => {
      const measured: MeasuredVariant[] = [];
      for (const { measure } of parts) {
        measured.push(...(await measure(own)));
      }
      return measured;
    }),
};
