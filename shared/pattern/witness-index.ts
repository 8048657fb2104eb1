import { Candidates, Entries, made } from './entries.ts';
import { Leaves, SlotReader } from './event-slot.ts';
import type { Matcher, Scalar } from './matcher.ts';
import type { Branch, Field } from './parse-pattern.ts';
import { SlotIndex } from './slot-index.ts';
import type { SecondValues } from './slot-index.ts';

/** What it costs to look at a witness, in plans that share an exact value. */
const COST = { witness: 2, present: 6, anything: 1_000 };

/** Values of a field that lists only exact ones, and how many branches ask for them. */
interface Exact {
  path: string;
  values: readonly Scalar[];
  uses: number;
}

/**
 * Finds the branches an event may satisfy. Each branch is filed under what it cannot do without: the
 * cheapest of its fields, any of whose matchers must pass, or its two exact fields together. An event
 * is read only at the paths used here.
 */
export class WitnessIndex {
  readonly #reader = new SlotReader(false);
  readonly #slots: SlotIndex[] = [];
  readonly #candidates = new Candidates();
  /** Branches that ask only for absence. */
  readonly #always = new Entries();

  constructor(branches: readonly Branch[]) {
    const uses = countExactValues(branches);
    for (const [number, branch] of branches.entries()) {
      this.#candidates.grow();
      for (const entries of this.#placesOf(branch, uses, branches.length))
        entries.plans.push(number);
    }
  }

  /** The branches to try, each once; valid until the next call. */
  find(event: object): Candidates {
    const candidates = this.#candidates;
    const reader = this.#reader;
    candidates.restart();
    reader.read(event);
    candidates.take(this.#always);
    for (let n = 0; n < reader.filled; n++) {
      const slot = reader.filledAt(n);
      const index = this.#slots[slot]!;
      const value = reader.at(slot)!;
      if (value instanceof Leaves)
        for (const leaf of value.all) this.#ask(index.find(leaf, candidates));
      else this.#ask(index.find(value, candidates));
    }
    return candidates;
  }

  #ask(seconds: SecondValues | undefined): void {
    if (seconds === undefined) return;
    for (const { slot, values } of seconds) {
      const value = this.#reader.at(slot);
      if (value === undefined) continue;
      if (value instanceof Leaves)
        for (const leaf of value.all) this.#candidates.take(values.get(leaf));
      else this.#candidates.take(values.get(value));
    }
  }

  #placesOf(branch: Branch, uses: ExactUses, branches: number): Entries[] {
    const exact = exactFields(branch, uses);
    const [first, second] = [exact[0], exact.at(-1)];
    const single = cheapest(branch, uses);
    if (first !== undefined && second !== undefined && first !== second) {
      const cost = (first.uses * second.uses) / branches;
      if (cost <= single!.cost) return this.#pair(first, second);
    }
    if (single === undefined) return [this.#always];
    const index = this.#slots[this.#slotOf(single.field.path)]!;
    return [...new Set(single.field.matchers.map((matcher) => index.entriesOf(matcher)))];
  }

  #pair(first: Exact, second: Exact): Entries[] {
    const index = this.#slots[this.#slotOf(first.path)]!;
    const slot = this.#slotOf(second.path);
    return first.values.flatMap((value) =>
      second.values.map((other) => index.secondOf(value, slot, other)),
    );
  }

  #slotOf(path: string): number {
    const slot = this.#reader.slotOf(path);
    this.#slots[slot] ??= new SlotIndex();
    return slot;
  }
}

type ExactUses = Map<string, Map<Scalar, number>>;

function countExactValues(branches: readonly Branch[]): ExactUses {
  const uses: ExactUses = new Map();
  for (const branch of branches)
    for (const { path, matchers } of branch)
      for (const value of exactValues(matchers) ?? []) {
        const counts = made(uses, path, () => new Map<Scalar, number>());
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
  return uses;
}

/** The distinct values of a field that lists only exact ones. */
function exactValues(matchers: readonly Matcher[]): Scalar[] | undefined {
  const values = new Set<Scalar>();
  for (const matcher of matchers) {
    if (matcher.kind !== 'equals') return undefined;
    values.add(matcher.value);
  }
  return values.size === 0 ? undefined : [...values];
}

/** The exact fields of a branch, the one with the most shared values first. */
function exactFields(branch: Branch, uses: ExactUses): Exact[] {
  const exact: Exact[] = [];
  for (const { path, matchers } of branch) {
    const values = exactValues(matchers);
    if (values === undefined) continue;
    const counts = uses.get(path)!;
    exact.push({ path, values, uses: sum(values.map((value) => counts.get(value)!)) });
  }
  return exact.sort((a, b) => b.uses - a.uses);
}

function cheapest(branch: Branch, uses: ExactUses): { field: Field; cost: number } | undefined {
  let best: { field: Field; cost: number } | undefined;
  for (const field of branch) {
    if (field.absent) continue;
    const cost = sum(field.matchers.map((matcher) => costOf(field.path, matcher, uses)));
    if (best === undefined || cost < best.cost) best = { field, cost };
  }
  return best;
}

function costOf(path: string, matcher: Matcher, uses: ExactUses): number {
  if (matcher.kind === 'equals') return uses.get(path)?.get(matcher.value) ?? 1;
  if (matcher.kind === 'test') return matcher.witness === undefined ? COST.anything : COST.witness;
  return COST.present;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
