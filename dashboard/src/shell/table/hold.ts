/** What a list shows while it is held still, and what waits behind its pill. */
export interface Held {
  shown: readonly string[];
  fresh: readonly string[];
}

/**
 * While somebody points at the list or has the focus in it, no row may move under them: what is shown
 * stays in place, even rows the filter no longer selects, and new ones wait.
 */
export function holdOrder(
  shown: readonly string[],
  selected: readonly string[],
  isHeld: boolean,
): Held {
  if (!isHeld || shown.length === 0) return { shown: selected, fresh: [] };
  const known = new Set(shown);
  return { shown, fresh: selected.filter((id) => !known.has(id)) };
}
