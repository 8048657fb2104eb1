import { ACCEPTED, ALIVE } from './bit-automaton.ts';
import type { BitAutomaton } from './bit-automaton.ts';

/** New steps one search may add to the cache before it goes on without. */
const MISSES_MAX = 256;
/** States kept, and entries of their table: 64 KB at most for one expression. */
const STATES_MAX = 1_024;
const TABLE_MAX = 1 << 15;

/** Numbers of the first states; a step not known yet is 0. */
const UNKNOWN = 0;
const DEAD_STATE = 1;
const ACCEPT_STATE = 2;
const START_STATE = 3;

/**
 * Searches texts for an expression, each character of the text once and with bounded work, whatever
 * the expression and the text: sets of positions met before are states of a table, which is kept
 * within its bounds; a text that meets too many new ones is finished on the positions themselves.
 */
export class Search {
  readonly #automaton: BitAutomaton;
  readonly #letters: number;
  readonly #statesMax: number;
  #table = new Uint16Array(0);
  #sets: Int32Array[] = [];
  #endings: boolean[] = [];
  #numbers = new Map<string, number>();
  #isFull = false;

  constructor(automaton: BitAutomaton) {
    this.#automaton = automaton;
    this.#letters = automaton.letters;
    this.#statesMax = Math.min(STATES_MAX, Math.floor(TABLE_MAX / automaton.letters));
  }

  matches(text: string): boolean {
    if (this.#automaton.acceptsAtStart) return true;
    if (this.#isFull || this.#sets.length === 0) this.#restart();
    const { alphabet } = this.#automaton;
    const letters = this.#letters;
    let table = this.#table;
    let state = START_STATE;
    let misses = 0;
    for (let at = 0; at < text.length; at++) {
      const from = at;
      const code = text.codePointAt(at)!;
      if (code > 0xffff) at++;
      const letter = alphabet.letterOf(code);
      let next = table[state * letters + letter]!;
      if (next === UNKNOWN) {
        if (misses++ < MISSES_MAX) next = this.#learn(state, letter, text, from, at + 1);
        if (next === UNKNOWN) return this.#finish(text, from, state);
        table = this.#table;
      }
      if (next <= ACCEPT_STATE) return next === ACCEPT_STATE;
      state = next;
    }
    return this.#endings[state]!;
  }

  /** The rest of a text without the table. */
  #finish(text: string, from: number, state: number): boolean {
    const positions = Int32Array.from(this.#sets[state]!);
    const outcome = this.#automaton.run(text, from, text.length, positions);
    return outcome === ALIVE ? this.#automaton.matchesAtEnd(positions) : outcome === ACCEPTED;
  }

  #restart(): void {
    const none = new Int32Array(0);
    this.#isFull = false;
    this.#numbers = new Map();
    this.#sets = [none, none, none];
    this.#endings = [false, false, true];
    this.#table = new Uint16Array(this.#letters * (START_STATE + 5));
    this.#stateOf(this.#automaton.start());
  }

  /** The state that one character leads to, entered into the table; UNKNOWN when there is no room for it. */
  #learn(state: number, letter: number, text: string, from: number, to: number): number {
    const positions = Int32Array.from(this.#sets[state]!);
    const outcome = this.#automaton.run(text, from, to, positions);
    let next = outcome === ACCEPTED ? ACCEPT_STATE : DEAD_STATE;
    if (outcome === ALIVE) next = this.#stateOf(positions);
    if (next === UNKNOWN) this.#isFull = true;
    else this.#table[state * this.#letters + letter] = next;
    return next;
  }

  #stateOf(positions: Int32Array): number {
    const key = String.fromCharCode(...new Uint16Array(positions.buffer));
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const state = this.#sets.length;
    if (state >= this.#statesMax) return UNKNOWN;
    this.#numbers.set(key, state);
    this.#sets.push(positions);
    this.#endings.push(this.#automaton.matchesAtEnd(positions));
    const needed = this.#sets.length * this.#letters;
    if (needed > this.#table.length) {
      const grown = new Uint16Array(Math.max(needed, this.#table.length * 2));
      grown.set(this.#table);
      this.#table = grown;
    }
    return state;
  }
}
