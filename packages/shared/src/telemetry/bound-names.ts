/** What stands for every name beyond the bound. */
export const otherNames = 'other';

/**
 * Bounds the values of an attribute whose number nobody else bounds: the first so many names are kept, all others are
 * one. A time series for each of ten thousand tables would cost more than it tells.
 */
export function boundNames(most: number): (name: string) => string {
  const kept = new Set<string>();
  return (name) => {
    if (kept.has(name)) {
      return name;
    }
    if (kept.size >= most) {
      return otherNames;
    }
    kept.add(name);
    return name;
  };
}
