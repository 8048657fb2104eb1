import { Alphabet } from './alphabet.ts';
import { bitsOf } from './bits.ts';
import type { CharSet } from './char-set.ts';
import type { Automaton } from './glushkov.ts';
import { PLAN_FIELDS } from './jump-plan.ts';
import type { JumpPlan } from './jump-plan.ts';

/** What a step led to. */
const DEAD = 0;
export const ALIVE = 1;
export const ACCEPTED = 2;
type Outcome = typeof DEAD | typeof ALIVE | typeof ACCEPTED;

/**
 * The automaton with its positions as bits of 32-bit words: one step moves all of them at once, by a
 * shift, by staying, and by the jumps of a plan (as in Hyperscan's LimEx, whose exceptions go one by one).
 */
export class BitAutomaton {
  readonly words: number;
  readonly alphabet: Alphabet;
  readonly #always: Int32Array;
  readonly #shifts: Int32Array;
  readonly #stays: Int32Array;
  readonly #accepts: Int32Array;
  readonly #acceptsAtEnd: Int32Array;
  /** Which positions take a letter. */
  readonly #takes: Int32Array;
  readonly #plan: JumpPlan;
  /** Made when first used: most expressions never meet a text that has their required part. */
  #tables: Int32Array | undefined;

  constructor(automaton: Automaton, plan: JumpPlan) {
    const { sets, next, always, accepts, acceptsAtEnd } = automaton;
    const words = (this.words = (sets.length + 31) >>> 5);
    const leading = (ahead: number) =>
      next.flatMap((to, at) => (to.includes(at + ahead) ? [at] : []));
    this.#always = bitsOf(always, words);
    this.#shifts = bitsOf(leading(1), words);
    this.#stays = bitsOf(leading(0), words);
    this.#accepts = bitsOf(accepts, words);
    this.#acceptsAtEnd = bitsOf([...accepts, ...acceptsAtEnd], words);
    this.#plan = plan;
    const distinct = distinctSets(sets);
    this.alphabet = new Alphabet(distinct.sets);
    this.#takes = Int32Array.from(
      this.alphabet.members.flatMap((members) => {
        const taking = new Set(members);
        return [
          ...bitsOf(
            [...sets.keys()].filter((at) => taking.has(distinct.of[at]!)),
            words,
          ),
        ];
      }),
    );
  }

  get letters(): number {
    return this.alphabet.members.length;
  }

  /**
   * Moves the positions, in place, over the characters of a text from `from` to below `to`; stops where
   * they accept or none is left. Never steps back.
   */
  run(text: string, from: number, to: number, positions: Int32Array): Outcome {
    const { words, alphabet } = this;
    const { gates, masks, blocks } = this.#plan;
    const tables = (this.#tables ??= this.#plan.fillTables());
    const [always, shifts, stays] = [this.#always, this.#shifts, this.#stays];
    const [takes, accepts] = [this.#takes, this.#accepts];
    const isPlain = gates.length + blocks.length === 0;
    const into = isPlain ? always : new Int32Array(words);
    for (let index = from; index < to; index++) {
      const code = text.codePointAt(index)!;
      if (code > 0xffff) index++;
      if (!isPlain) for (let word = 0; word < words; word++) into[word] = always[word]!;
      for (let n = 0; n < gates.length; n += PLAN_FIELDS) {
        let at = gates[n + 4]!;
        let there = 0;
        for (let word = gates[n]!, below = gates[n + 1]!; word < below; word++)
          there |= positions[word]! & masks[at++]!;
        // All ones where any source is there: no branch to guess wrong.
        const open = (there | -there) >> 31;
        for (let word = gates[n + 2]!, below = gates[n + 3]!; word < below; word++)
          into[word]! |= masks[at++]! & open;
      }
      for (let n = 0; n < blocks.length; n += PLAN_FIELDS) {
        const bits = (positions[blocks[n]!]! >>> blocks[n + 1]!) & 0xff;
        const below = blocks[n + 3]!;
        let word = blocks[n + 2]!;
        let at = blocks[n + 4]! + bits * (below - word);
        do into[word]! |= tables[at++]!;
        while (++word < below);
      }
      let at = alphabet.letterOf(code) * words;
      let carry = 0;
      let any = 0;
      let accepted = 0;
      for (let word = 0; word < words; word++) {
        const was = positions[word]!;
        const moving = was & shifts[word]!;
        const here = (into[word]! | (moving << 1) | carry | (was & stays[word]!)) & takes[at++]!;
        carry = moving >>> 31;
        positions[word] = here;
        any |= here;
        accepted |= here & accepts[word]!;
      }
      if (accepted !== 0) return ACCEPTED;
      if (any === 0) return DEAD;
    }
    return ALIVE;
  }

  /** Whether a text that ends at these positions matches. */
  matchesAtEnd(positions: Int32Array): boolean {
    return positions.some((bits, word) => (bits & this.#acceptsAtEnd[word]!) !== 0);
  }

  /** Whether the empty text before any other matches. */
  get acceptsAtStart(): boolean {
    return (this.#accepts[0]! & 1) !== 0;
  }

  start(): Int32Array {
    return bitsOf([0], this.words);
  }
}

/** Each set once, and which of them every position has. */
function distinctSets(all: readonly CharSet[]): { sets: CharSet[]; of: number[] } {
  const numbers = new Map<string, number>();
  const sets: CharSet[] = [];
  const of = all.map((set) => {
    const key = set.join();
    const known = numbers.get(key) ?? sets.push(set) - 1;
    numbers.set(key, known);
    return known;
  });
  return { sets, of };
}
