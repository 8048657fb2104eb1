import type { Holder, Place } from './event-view.ts';
import { Crowd, Junction } from './junction.ts';
import type { Lookup } from './junction.ts';
import type { Matcher, Scalar } from './matcher.ts';
import type { Plan, PlanField } from './plan.ts';
import { SlotIndex } from './slot-index.ts';
import type { Witness } from './witness.ts';

/** So many plans are tried one by one rather than told apart by a look-up. */
const FEW_PLANS = 1;
/** So many places below one object are looked up one by one; beyond, its keys are walked. */
const FEW_PLACES = 3;
/** Most junctions one plan is filed under by combinations of its values. */
const SPREAD_MAX = 32;
/** Most fields asked for one after another on the way to a plan. */
const DEPTH_MAX = 6;
/** A text of so many characters is rarely met by chance. */
const TELLING_CHARS = 4;

/** A plan on its way to its junction: the fields nothing on the way has asked for yet. */
interface Filing {
  readonly plan: Plan;
  readonly fields: readonly PlanField[];
  /** How many junctions it has been spread over. */
  readonly spread: number;
}

/**
 * Files plans so that an event leads to the few it may satisfy: under the exact values most of them
 * ask for, one field after another, and under what else each cannot do without.
 */
export function fileAll(plans: readonly Plan[]): Junction {
  const root = new Junction();
  const filings = plans.map((plan) => ({
    plan,
    fields: plan.fields.filter(({ absent }) => !absent),
    spread: 1,
  }));
  file(root, filings, 0);
  return root;
}

function file(junction: Junction, filings: readonly Filing[], depth: number): void {
  if (filings.length <= FEW_PLANS || depth === DEPTH_MAX) {
    junction.plans = filings.map(inOrder);
    return;
  }
  const below = new Below();
  const paid = paidFor(filings);
  let rest: readonly Filing[] = filings;
  if (paid.size > 0)
    rest = below.addWhere(rest, ({ fields }) => fields.find((one) => paid.has(tableOf(one) ?? '')));
  const taken = new Set<Filing>();
  for (const [place, asking] of commonPlaces(rest)) {
    const left = asking.filter((filing) => !taken.has(filing));
    if (left.length <= FEW_PLANS) continue;
    for (const filing of left) {
      taken.add(filing);
      below.add(
        filing,
        filing.fields.find((field) => field.place === place)!,
      );
    }
  }
  rest = rest.filter((filing) => !taken.has(filing));
  junction.plans = (rest.length <= FEW_PLANS ? rest : below.addWhere(rest, cheapest)).map(inOrder);
  seat(junction, below.indexes);
  for (const [next, filed] of below.filed) file(next, filed, depth + 1);
}

/** What is filed one step below a junction. */
class Below {
  readonly indexes = new Map<Place, SlotIndex>();
  readonly filed = new Map<Junction, Filing[]>();

  /** Files a plan under all that may satisfy its field; it goes on there with its other fields. */
  add(filing: Filing, field: PlanField): void {
    const index = made(this.indexes, field.place, () => new SlotIndex());
    const fields = filing.fields.filter((one) => one !== field);
    const next = { ...filing, fields, spread: filing.spread * field.matchers.length };
    for (const junction of new Set(field.matchers.map((matcher) => index.junctionOf(matcher))))
      made(this.filed, junction, () => []).push(next);
  }

  /** Files those that have the field asked for, and returns the others. */
  addWhere(
    filings: readonly Filing[],
    fieldOf: (filing: Filing) => PlanField | undefined,
  ): Filing[] {
    return filings.filter((filing) => {
      const field = fieldOf(filing);
      if (field !== undefined) this.add(filing, field);
      return field === undefined;
    });
  }
}

/**
 * The tables of texts that must be looked up here because some plans ask for nothing exact: more
 * texts in them cost next to nothing.
 */
function paidFor(filings: readonly Filing[]): Set<string> {
  const paid = new Set<string>();
  for (const filing of filings) {
    if (filing.fields.some(isExact)) continue;
    const field = cheapest(filing);
    const table = field && tableOf(field);
    if (table !== undefined) paid.add(table);
  }
  return paid;
}

/** Names the table a field of one telling text or block is looked up in; undefined for other fields. */
function tableOf({ place, matchers }: PlanField): string | undefined {
  const witness = matchers.length === 1 ? witnessOf(matchers[0]!) : undefined;
  switch (witness?.by) {
    case 'start':
    case 'end':
    case 'part':
      return witness.text.length < TELLING_CHARS ? undefined : `${place.slot} ${witness.by}`;
    case 'block':
      return `${place.slot} block`;
    default:
      return undefined;
  }
}

/** The places where plans ask for exact values and which do, those of most plans first. */
function commonPlaces(filings: readonly Filing[]): [Place, Filing[]][] {
  const uses = new Map<Place, { asking: Filing[]; values: Set<Scalar> }>();
  for (const filing of filings)
    for (const field of filing.fields) {
      if (!isExact(field) || field.matchers.length * filing.spread > SPREAD_MAX) continue;
      const use = made(uses, field.place, () => ({ asking: [], values: new Set<Scalar>() }));
      use.asking.push(filing);
      for (const matcher of field.matchers)
        if (matcher.kind === 'equals') use.values.add(matcher.value);
    }
  return [...uses]
    .sort(([, a], [, b]) => b.asking.length - a.asking.length || b.values.size - a.values.size)
    .map(([place, { asking }]) => [place, asking]);
}

function isExact({ matchers }: PlanField): boolean {
  return matchers.every(({ kind }) => kind === 'equals');
}

/** The field whose leaf leads on most rarely, by what its matchers ask for; undefined when none leads. */
function cheapest({ fields, spread }: Filing): PlanField | undefined {
  let best: PlanField | undefined;
  let least = Infinity;
  for (const field of fields) {
    if (spread > 1 && field.matchers.length * spread > SPREAD_MAX) continue;
    let cost = 0;
    for (const matcher of field.matchers) cost += costOf(matcher);
    if (cost < least) [best, least] = [field, cost];
  }
  return best;
}

/** How often a leaf may be expected to lead on, against other witnesses. */
function costOf(matcher: Matcher): number {
  if (matcher.kind === 'equals') return 1;
  const witness = witnessOf(matcher);
  switch (witness?.by) {
    case 'start':
    case 'end':
    case 'part':
      return Math.max(2, 7 - witness.text.length);
    case 'block':
      return 3;
    case 'least':
    case 'most':
      return 8;
    default:
      return matcher.kind === 'present' ? 6 : 1_000;
  }
}

function witnessOf(matcher: Matcher): Witness | undefined {
  return matcher.kind === 'test' ? matcher.witness : undefined;
}

/** The plan with the fields first that are still unknown, the cheapest to try before the others. */
function inOrder({ plan, fields }: Filing): Plan {
  const cost = (field: PlanField) =>
    (field.absent || fields.includes(field) ? 0 : 1_000) +
    field.place.depth +
    (isExact(field) ? 0 : 1);
  return { ...plan, fields: plan.fields.toSorted((a, b) => cost(a) - cost(b)) };
}

/** Lays out what a junction looks up. */
function seat(junction: Junction, indexes: ReadonlyMap<Place, SlotIndex>): void {
  const byHolder = new Map<Holder, Lookup[]>();
  for (const [place, index] of indexes)
    made(byHolder, place.holder, () => []).push({ place, index });
  for (const [holder, lookups] of byHolder)
    if (lookups.length <= FEW_PLACES) junction.lookups.push(...lookups);
    else
      junction.crowds.push(
        new Crowd(holder, new Map(lookups.map((lookup) => [lookup.place.name, lookup]))),
      );
}

/** The value of a key, made on first use. */
function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
