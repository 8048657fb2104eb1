/** A seeded source of chance (mulberry32), so that a demo can be told again. */
export interface Chance {
  /** In [0, 1). */
  next(this: void): number;
  /** Between `low` and `high`, uniform. */
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
}

export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    pick: (items) => items[Math.floor(next() * items.length)]!,
  };
}
