import { peerScenarios } from '../peer/peer-scenarios.ts';
import type { Scenario } from '../scenario.ts';
import { allScenarios } from '../scenarios/all-scenarios.ts';

/** All scenarios by name, in the order of the document. */
export const documentedScenarios: ReadonlyMap<string, Scenario> = new Map(
  [...allScenarios, ...peerScenarios].map((scenario) => [scenario.name, scenario]),
);
