export { type Claim, claimChunk } from './claim-chunk.ts';
export { type ChunkHandler, type ChunkOutcome, handleChunk } from './handle-chunk.ts';
export { startWorker } from './start-worker.ts';
