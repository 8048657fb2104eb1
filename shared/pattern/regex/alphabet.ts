import type { CharSet } from './char-set.ts';

/** Below this, a character's letter is looked up; above, it is searched for. */
const DIRECT = 256;

/** Characters that an automaton cannot tell apart are one letter, numbered from 0. */
export class Alphabet {
  readonly #direct = new Uint16Array(DIRECT);
  /** Where the letter changes: from `#bounds[n]` on it is `#letters[n]`. */
  readonly #bounds: Int32Array;
  readonly #letters: Uint16Array;
  /** The bound found last: texts stay in one script. */
  #near = 0;
  /** For each letter, which of the sets have it. */
  readonly members: readonly (readonly number[])[];

  constructor(sets: readonly CharSet[]) {
    const marks = new Map<number, number[]>([[0, []]]);
    const mark = (at: number, set: number) => {
      const here = marks.get(at);
      if (here === undefined) marks.set(at, [set]);
      else here.push(set);
    };
    for (const [index, set] of sets.entries())
      for (let at = 0; at < set.length; at += 2) {
        mark(set[at]!, index);
        mark(set[at + 1]! + 1, index);
      }
    const sorted = [...marks].sort(([a], [b]) => a - b);
    const numbers = new Map<string, number>();
    const members: number[][] = [];
    const open = new Set<number>();
    const letters = sorted.map(([, turned]) => {
      for (const set of turned) if (!open.delete(set)) open.add(set);
      const here = [...open].sort((a, b) => a - b);
      const key = here.join();
      const known = numbers.get(key) ?? members.push(here) - 1;
      numbers.set(key, known);
      return known;
    });
    this.members = members;
    this.#bounds = Int32Array.from(sorted, ([at]) => at);
    this.#letters = Uint16Array.from(letters);
    for (let code = 0; code < DIRECT; code++) this.#direct[code] = this.#search(code);
  }

  letterOf(code: number): number {
    return code < DIRECT ? this.#direct[code]! : this.#search(code);
  }

  #search(code: number): number {
    const bounds = this.#bounds;
    const near = this.#near;
    if (bounds[near]! <= code && (near + 1 === bounds.length || code < bounds[near + 1]!))
      return this.#letters[near]!;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (bounds[middle]! <= code) low = middle;
      else high = middle - 1;
    }
    this.#near = low;
    return this.#letters[low]!;
  }
}
