/** A shortcut: `j`, `Shift+x`, `g a` (one after the other) or `Mod+k` (Ctrl, on a Mac Cmd). */
export interface Binding {
  keys: string;
  what: string;
  /** Under which heading the overview lists it. */
  group: string;
  run: () => void;
}

/** What matters of a key event. */
export interface Stroke {
  key: string;
  isMod: boolean;
  isAlt: boolean;
}

/** The second key of a sequence comes within this time. */
const SEQUENCE_MS = 1_500;

/** Which shortcuts there are now, and which one a key means. The last one added wins. */
export class Keyboard {
  readonly #bindings = new Set<Binding>();
  #first: { key: string; at: number } | undefined;

  add(bindings: readonly Binding[]): () => void {
    for (const binding of bindings) this.#bindings.add(binding);
    return () => {
      for (const binding of bindings) this.#bindings.delete(binding);
    };
  }

  /** Every shortcut that works now, each key once, in the order they were added. */
  list(): readonly Binding[] {
    const byKeys = new Map<string, Binding>();
    for (const binding of this.#bindings) byKeys.set(binding.keys, binding);
    return [...byKeys.values()];
  }

  /** What a key means at `now`, ms; `isSingle` is false when only those with Mod are wanted. */
  find(stroke: Stroke, isSingle: boolean, now: number): Binding | undefined {
    const first = this.#first;
    this.#first = undefined;
    if (stroke.isAlt) return undefined;
    if (stroke.isMod) return this.#named(`Mod+${stroke.key.toLowerCase()}`);
    if (!isSingle) return undefined;
    const second =
      first && now - first.at <= SEQUENCE_MS
        ? this.#named(`${first.key} ${stroke.key}`)
        : undefined;
    if (second) return second;
    const isStart = [...this.#bindings].some(({ keys }) => keys.startsWith(`${stroke.key} `));
    if (isStart) this.#first = { key: stroke.key, at: now };
    return this.#named(stroke.key);
  }

  #named(keys: string): Binding | undefined {
    return [...this.#bindings].findLast((binding) => binding.keys === keys);
  }
}
