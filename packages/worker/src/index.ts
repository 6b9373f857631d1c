export { type ChunkHandler, type ChunkOutcome, handleChunk } from './handle-chunk.ts';
export { startWorker } from './start-worker.ts';
