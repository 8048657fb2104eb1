import { ANY, complement, intersect, WORD } from './char-set.ts';
import type { CharSet } from './char-set.ts';
import { ALWAYS, both, holdsBetween } from './condition.ts';
import type { Condition, Neighbour } from './condition.ts';
import { REGEX_POSITIONS_MAX } from './limit.ts';
import { ASSERT, asksFor } from './node.ts';
import type { Node } from './node.ts';
import { RegexFault } from './reader.ts';

/** A place in the expression that takes one character. */
interface Position {
  set: CharSet;
  neighbour: Neighbour;
  next: Set<number>;
}

/**
 * An automaton without empty steps: being at a position means having just taken one of its characters.
 * Position 0 is the start and takes none. What may come before and after a match is in it, so that a
 * text matches when a run over all of it, or up to an `accepts`, succeeds.
 * Source: Glushkov (1961), "The abstract theory of automata"; conditions on the steps are ours.
 */
export interface Automaton {
  sets: readonly CharSet[];
  next: readonly (readonly number[])[];
  /** Positions that every step leads to, whatever it starts from. */
  always: readonly number[];
  /** Positions at which the text matches, whatever follows. */
  accepts: readonly number[];
  /** Positions at which the text matches if it ends there. */
  acceptsAtEnd: readonly number[];
}

/** What a part of the expression begins and ends with, and under which condition it may be empty. */
interface Part {
  empty: Condition;
  first: ReadonlyMap<number, Condition>;
  last: ReadonlyMap<number, Condition>;
}

/** Builds the automaton of an unanchored search. Throws RegexFault when it has too many positions. */
export function buildAutomaton(node: Node): Automaton {
  const splits = asksFor(node, ASSERT.boundary | ASSERT.inside);
  const size = sizeOf(node, splits);
  if (size > REGEX_POSITIONS_MAX)
    throw new RegexFault(
      `is ${size.toLocaleString('en')} positions long with its counted repetitions written out; ` +
        `at most ${REGEX_POSITIONS_MAX}: lower the counts, or write + instead`,
    );
  return new Builder(splits).build(node);
}

/** Positions of an expression; 0 for one that is refused by itself. */
export function positionsOf(node: Node): number {
  const size = sizeOf(node, asksFor(node, ASSERT.boundary | ASSERT.inside));
  return size > REGEX_POSITIONS_MAX ? 0 : size;
}

/** Positions a node will have. Empty parts count as one, so that nothing is free to repeat. */
function sizeOf(node: Node, splits: boolean): number {
  if (node.kind === 'set') return Math.max(1, halves(node.set, splits).length);
  if (node.kind === 'assert') return 1;
  if (node.kind === 'repeat') return sizeOf(node.part, splits) * copiesOf(node.min, node.max);
  const sum = node.parts.reduce((total, part) => total + sizeOf(part, splits), 0);
  return Math.max(1, sum);
}

function copiesOf(min: number, max: number): number {
  return Math.max(1, max === Infinity ? min : max);
}

interface Half {
  set: CharSet;
  neighbour: Neighbour;
}

/** Where word boundaries are asked for, a position is wholly of word characters or wholly of others. */
function halves(set: CharSet, splits: boolean): readonly Half[] {
  if (set.length === 0) return [];
  if (!splits) return [{ set, neighbour: 'other' }];
  let known = HALVES.get(set);
  if (known === undefined) {
    const word: Half = { set: intersect(set, WORD), neighbour: 'word' };
    const other: Half = { set: intersect(set, OTHER), neighbour: 'other' };
    HALVES.set(set, (known = [word, other].filter((half) => half.set.length > 0)));
  }
  return known;
}

const OTHER = complement(WORD);
/** A counted repetition asks for those of one set again and again. */
const HALVES = new WeakMap<CharSet, readonly Half[]>();

class Builder {
  readonly #positions: Position[] = [{ set: [], neighbour: 'edge', next: new Set() }];
  readonly #splits: boolean;

  constructor(splits: boolean) {
    this.#splits = splits;
  }

  build(node: Node): Automaton {
    const before = this.#leaf(ANY);
    const whole = this.#part(node);
    const after = [...this.#leaf(ANY).first.keys()];
    const start = new Map([[0, ALWAYS]]);
    // What comes before a match is any text; a search that can only begin at the start needs none.
    this.#connect(before.last, whole.first);
    const isFree = [...before.last.keys()].some((at) => this.#positions[at]!.next.size > 0);
    this.#connect(start, whole.first);
    if (isFree || whole.empty !== 0) {
      this.#connect(before.last, before.first);
      this.#connect(start, before.first);
    }
    const ends = new Map(whole.last);
    if (whole.empty !== 0) for (const at of [0, ...before.last.keys()]) ends.set(at, whole.empty);
    return this.#accept(ends, after);
  }

  #accept(ends: ReadonlyMap<number, Condition>, after: readonly number[]): Automaton {
    const accepts = [...after];
    const acceptsAtEnd: number[] = [];
    for (const [at, condition] of ends) {
      const { neighbour, next } = this.#positions[at]!;
      const followers = after.filter((each) =>
        holdsBetween(condition, neighbour, this.#positions[each]!.neighbour, at === 0),
      );
      const isEnd = holdsBetween(condition, neighbour, 'edge', at === 0);
      if (isEnd && followers.length === after.length) accepts.push(at);
      else for (const each of followers) next.add(each);
      if (isEnd) acceptsAtEnd.push(at);
    }
    return {
      sets: this.#positions.map(({ set }) => set),
      next: this.#positions.map(({ next }) => [...next]),
      // Before a match stands any text, so that its position is never left.
      always: this.#positions[1]!.next.has(1) && !this.#splits ? [...this.#positions[1]!.next] : [],
      accepts,
      acceptsAtEnd,
    };
  }

  #leaf(set: CharSet): Part {
    const ends = new Map<number, Condition>();
    for (const half of halves(set, this.#splits)) {
      ends.set(this.#positions.length, ALWAYS);
      this.#positions.push({ ...half, next: new Set() });
    }
    return { empty: 0, first: ends, last: ends };
  }

  #part(node: Node): Part {
    if (node.kind === 'set') return this.#leaf(node.set);
    if (node.kind === 'assert') return { empty: 1 << node.asks, first: NONE, last: NONE };
    if (node.kind === 'repeat') return this.#repeat(node.part, node.min, node.max);
    const parts = node.parts.map((part) => this.#part(part));
    if (node.kind === 'sequence') return parts.reduce((a, b) => this.#join(a, b), EMPTY);
    return {
      empty: parts.reduce((empty, part) => empty | part.empty, 0),
      first: merged(parts.map(({ first }) => first)),
      last: merged(parts.map(({ last }) => last)),
    };
  }

  /** `x{2,4}` as `xx(x(x)?)?`: each copy leads to the next only, so that a step stays cheap. */
  #repeat(node: Node, min: number, max: number): Part {
    if (max === 0) return EMPTY;
    const copies = Array.from({ length: copiesOf(min, max) }, () => this.#part(node));
    const final = copies[copies.length - 1]!;
    if (max === Infinity) this.#connect(final.last, final.first);
    return copies.reduceRight((rest, copy, index) => {
      const joined = this.#join(copy, rest);
      return index < min ? joined : { ...joined, empty: joined.empty | ALWAYS };
    }, EMPTY);
  }

  #join(a: Part, b: Part): Part {
    this.#connect(a.last, b.first);
    return {
      empty: both(a.empty, b.empty),
      first: a.empty === 0 ? a.first : merged([a.first, under(b.first, a.empty)]),
      last: b.empty === 0 ? b.last : merged([b.last, under(a.last, b.empty)]),
    };
  }

  #connect(from: ReadonlyMap<number, Condition>, to: ReadonlyMap<number, Condition>): void {
    for (const [a, afterA] of from) {
      const { neighbour, next } = this.#positions[a]!;
      for (const [b, beforeB] of to)
        if (holdsBetween(both(afterA, beforeB), neighbour, this.#positions[b]!.neighbour, a === 0))
          next.add(b);
    }
  }
}

const NONE: ReadonlyMap<number, Condition> = new Map();
const EMPTY: Part = { empty: ALWAYS, first: NONE, last: NONE };

function under(ends: ReadonlyMap<number, Condition>, condition: Condition) {
  return new Map([...ends].map(([at, own]) => [at, both(own, condition)]));
}

function merged(all: readonly ReadonlyMap<number, Condition>[]): Map<number, Condition> {
  const union = new Map<number, Condition>();
  for (const ends of all)
    for (const [at, condition] of ends) union.set(at, (union.get(at) ?? 0) | condition);
  return union;
}
