export { startScheduler } from './start-scheduler.ts';
export { type Planner, planSource, type SourceOutcome } from './tick/plan-source.ts';
