export type { Action, AuditEntry, Effect, Outcome } from './action.ts';
export type { ConsoleInfo, Problem } from './console-info.ts';
export type { DataPoint } from './data-point.ts';
export type { FleetRow } from './fleet-row.ts';
export type { LiveState } from './live-state.ts';
export type { SilverProcess } from './process.ts';
export type {
  Backfill,
  Chunk,
  Coverage,
  CoverageState,
  Refresh,
  RollupDetail,
} from './rollup-detail.ts';
