export { type BatchEnd, handleBatch } from './handle-batch.ts';
export { type ChunkHandler, handleChunk } from './handle-chunk.ts';
export { startWorker } from './start-worker.ts';
export { takeCompanions } from './take-companions.ts';
export type { ChunkOutcome } from './tell-outcome.ts';
