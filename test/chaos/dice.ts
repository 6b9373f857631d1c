import { randomNumbers } from '../support/seed.ts';

/** A stream of chances that a seed fixes. */
export interface Dice {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in so many of a hundred throws. */
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as often as its weight says. */
  weighted<T extends { readonly weight: number }>(items: readonly T[]): T;
  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[];
}

/** The same seed and stream give the same throws, whatever happens meanwhile. */
export function rollDice(seed: number, stream: number): Dice {
  const next = randomNumbers(Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream, 0x85ebca6b));
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T;
  return {
    between,
    pick,
    chance: (percent) => between(1, 100) <= percent,
    weighted: (items) => {
      const total = items.reduce((sum, { weight }) => sum + weight, 0);
      let left = between(1, total);
      for (const item of items) {
        left -= item.weight;
        if (left <= 0) {
          return item;
        }
      }
      throw new Error('there is nothing to choose from');
    },
    shuffled: (items) => {
      const keyed = items.map((item) => ({ item, key: next() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    },
  };
}
