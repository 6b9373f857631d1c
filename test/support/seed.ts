/**
 * Seed of a generated test. The test prints it in its name, so that a failure says how to repeat it:
 * `SILVER_TEST_SEED=123 npm test -- FILE`.
 */
export const seed: number =
  Number(process.env['SILVER_TEST_SEED']) || Math.floor(Math.random() * 2 ** 31);

/** A reproducible stream of numbers in [0, 1): mulberry32. */
export function randomNumbers(from: number = seed): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
