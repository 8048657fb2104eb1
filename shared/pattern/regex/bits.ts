/** Positions as bits of 32-bit words. */
export function bitsOf(positions: readonly number[], words: number): Int32Array {
  const bits = new Int32Array(words);
  for (const at of positions) bits[at >>> 5]! |= 1 << (at & 31);
  return bits;
}

/** The words that hold any of the positions: from `low` to below `high`. */
export function spanOf(positions: readonly number[]): { low: number; high: number } {
  return { low: Math.min(...positions) >>> 5, high: (Math.max(...positions) >>> 5) + 1 };
}
