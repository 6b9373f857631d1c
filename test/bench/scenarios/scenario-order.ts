import { peerScenarios } from '../peer/peer-scenarios.ts';
import { allScenarios } from './all-scenarios.ts';

/** The names of all scenarios, in the order of the document. */
export const scenarioOrder = [...allScenarios, ...peerScenarios].map(({ name }) => name);
