export { type CutOptions, cutRuns, type PartitionGrid } from './plan/cut-runs.ts';
export { type Plan, type PlannedChunk, type PlanOptions, planChunks } from './plan/plan-chunks.ts';
export { type HealerOptions, healChunks } from './recover/heal-chunks.ts';
export { startScheduler } from './start-scheduler.ts';
export { type Planner, planSource, type SourceOutcome } from './tick/plan-source.ts';
