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
  explanation: `Each curve changes one thing. On a logarithmic scale, cost in proportion is a straight line; a fill of few rows has a floor, its declaration and the fleet's notice of it.
By hand are windows of a fixed number, not the best of several as in [fill](#fill). A scheduler knows which sources are at rest and asks for the others, so its look stays flat while a look at every source grows
with them. More workers than the machine has cores share them.`,
  run: (context) =>
    inRounds(context, async (own) => {
      const measured: MeasuredVariant[] = [];
      for (const { measure } of parts) {
        measured.push(...(await measure(own)));
      }
      return measured;
    }),
};
