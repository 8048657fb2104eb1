import type { Leaves } from './event-slot.ts';
import type { Place } from './event-view.ts';
import { made } from './made.ts';
import type { Matcher, Scalar } from './matcher.ts';
import type { PlanField } from './plan.ts';
import type { Rows, Traffic } from './traffic.ts';

/** So few sampled events say less than all of them together. */
const FEW_ROWS = 16;

/** How often leaves are where patterns ask, and lead on: counted in a sample, guessed where it has none. */
export class Odds {
  readonly #traffic: Traffic;
  readonly #all: Rows;
  /** Distinct exact values that patterns ask for at a place. */
  readonly #values = new Map<Place, Set<Scalar>>();
  readonly #known = new Map<PlanField, number>();
  /** How many events of all have a leaf of each value at a place. */
  readonly #counts = new Map<Place, Map<Scalar, number>>();

  constructor(traffic: Traffic, fields: Iterable<PlanField>) {
    this.#traffic = traffic;
    this.#all = traffic.rows;
    for (const { place, matchers } of fields)
      for (const matcher of matchers)
        if (matcher.kind === 'equals') {
          let values = this.#values.get(place);
          if (values === undefined) this.#values.set(place, (values = new Set()));
          values.add(matcher.value);
        }
  }

  get rows(): Rows {
    return this.#all;
  }

  /** The share of these events whose leaf leads on to what is filed under the field; between 0 and 1. */
  leading(field: PlanField, rows: Rows): number {
    let overall = this.#known.get(field);
    if (overall === undefined) {
      overall = this.#count(field, this.#all, this.#guess(field));
      this.#known.set(field, overall);
    }
    return rows.length === this.#all.length || rows.length < FEW_ROWS
      ? overall
      : this.#count(field, rows, overall);
  }

  /** The share of these events that have a leaf at the place. */
  present(place: Place, rows: Rows): number {
    const column = this.#traffic.column(place);
    let count = 0;
    for (const row of rows) if (column[row] !== undefined) count++;
    return (count + 0.5) / (rows.length + 1);
  }

  /** Those of the events that lead on. */
  rowsWhere(place: Place, matcher: Matcher, rows: Rows): Rows {
    const column = this.#traffic.column(place);
    return rows.filter((row) => anyLeads(matcher, column[row]));
  }

  #count({ place, matchers }: PlanField, rows: Rows, guess: number): number {
    const column = this.#traffic.column(place);
    let count = 0;
    if (rows === this.#all && isExact(matchers)) {
      const counts = made(this.#counts, place, () => countLeaves(column));
      for (const matcher of matchers)
        if (matcher.kind === 'equals') count += counts.get(matcher.value) ?? 0;
    } else for (const row of rows) if (someLeads(matchers, column[row])) count++;
    return Math.min(1, (count + guess) / (rows.length + 1));
  }

  #guess({ place, matchers }: PlanField): number {
    let sum = 0;
    for (const matcher of matchers)
      sum += matcher.kind === 'equals' ? 1 / (1 + this.#values.get(place)!.size) : guessOf(matcher);
    return Math.min(1, sum);
  }
}

function guessOf(matcher: Matcher): number {
  if (matcher.kind !== 'test') return 0.5;
  switch (matcher.witness?.by) {
    case 'start':
    case 'end':
    case 'part':
      return 1 / (1 + matcher.witness.text.length ** 2);
    case 'block':
      return 1 / (2 + matcher.witness.bits);
    case 'least':
    case 'most':
      return 0.2;
    default:
      return 1;
  }
}

function countLeaves(column: readonly (Scalar | Leaves | undefined)[]): Map<Scalar, number> {
  const counts = new Map<Scalar, number>();
  for (const value of column) {
    if (value === undefined) continue;
    const leaves = typeof value === 'object' && value !== null ? new Set(value.all) : [value];
    for (const leaf of leaves) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
  }
  return counts;
}

function isExact(matchers: readonly Matcher[]): boolean {
  for (const { kind } of matchers) if (kind !== 'equals') return false;
  return true;
}

function someLeads(matchers: readonly Matcher[], value: Scalar | Leaves | undefined): boolean {
  if (value !== undefined)
    for (const matcher of matchers) if (anyLeads(matcher, value)) return true;
  return false;
}

function anyLeads(matcher: Matcher, value: Scalar | Leaves | undefined): boolean {
  if (value === undefined) return false;
  return typeof value === 'object' && value !== null
    ? value.all.some((leaf) => leads(matcher, leaf))
    : leads(matcher, value);
}

/** Whether an index that knows the matcher's witness goes on from this leaf. */
function leads(matcher: Matcher, leaf: Scalar): boolean {
  if (matcher.kind === 'equals') return matcher.value === leaf;
  if (matcher.kind !== 'test' || matcher.witness === undefined) return true;
  const { witness } = matcher;
  switch (witness.by) {
    case 'start':
      return typeof leaf === 'string' && leaf.startsWith(witness.text);
    case 'end':
      return typeof leaf === 'string' && leaf.endsWith(witness.text);
    case 'part':
      return typeof leaf === 'string' && leaf.includes(witness.text);
    case 'least':
      return typeof leaf === 'number' && leaf >= witness.bound;
    case 'most':
      return typeof leaf === 'number' && leaf <= witness.bound;
    default:
      return matcher.test(leaf);
  }
}
