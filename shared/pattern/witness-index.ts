import { chooseWays } from './choose-ways.ts';
import type { Filing } from './choose-ways.ts';
import type { Holder, Place } from './event-view.ts';
import { Crowd, Junction } from './junction.ts';
import type { Lookup } from './junction.ts';
import { made } from './made.ts';
import type { Matcher } from './matcher.ts';
import { Odds } from './odds.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { SlotIndex } from './slot-index.ts';
import type { Rows, Traffic } from './traffic.ts';

/** About what it takes, in nanoseconds, to read a key an object has or has not, and to walk its keys. */
const READ = { present: 10, absent: 25, walk: 65 };
/** Most fields asked for one after another on the way to a plan. */
const DEPTH_MAX = 6;
/** Plans filed between two rests of the build. */
const STRIDE = 32;

/**
 * Files plans so that an event is led to the few it may satisfy at little cost: each under what of it
 * is met most rarely, and tables are shared. How rare things are comes from a sample of the traffic;
 * the answers never depend on it. Yields now and then, so that a build can rest between events.
 */
export function* fileAll(plans: readonly Plan[], traffic: Traffic): Generator<void, Junction> {
  const root = new Junction();
  const odds = new Odds(
    traffic,
    plans.flatMap(({ fields }) => fields),
  );
  const filings = plans.map((plan) => ({
    plan,
    fields: plan.fields.filter(({ absent }) => !absent),
    spread: 1,
  }));
  yield* file(root, filings, odds, odds.rows, 0);
  return root;
}

function* file(
  junction: Junction,
  filings: readonly Filing[],
  odds: Odds,
  rows: Rows,
  depth: number,
): Generator<void, void> {
  const below = new Map<Junction, { filings: Filing[]; place: Place; matcher: Matcher }>();
  const indexes = new Map<Place, SlotIndex>();
  let rest = filings;
  if (filings.length > 1 && depth < DEPTH_MAX) {
    const chosen = yield* chooseWays(filings, odds, rows);
    rest = filings.filter((filing) => !chosen.has(filing));
    let moved = 0;
    for (const [filing, { field }] of chosen) {
      if (++moved % STRIDE === 0) yield;
      const { place, matchers } = field;
      const index = made(indexes, place, () => new SlotIndex());
      const fields = filing.fields.filter((one) => one !== field);
      const next = { ...filing, fields, spread: filing.spread * matchers.length };
      const met = new Set<Junction>();
      for (const matcher of matchers) {
        const at = index.junctionOf(matcher);
        if (met.has(at)) continue;
        met.add(at);
        made(below, at, () => ({ filings: [] as Filing[], place, matcher })).filings.push(next);
      }
    }
  }
  junction.plans = rest.map((filing) => inOrder(filing, odds, rows));
  seat(junction, indexes, (place) => odds.present(place, rows));
  let filed = 0;
  for (const [next, { filings: there, place, matcher }] of below) {
    const going = there.length > 1 ? odds.rowsWhere(place, matcher, rows) : [];
    yield* file(next, there, odds, going, depth + 1);
    if (++filed % STRIDE === 0) yield;
  }
}

/** The plan with the fields first that are still unknown, those before others that fail soon and cost little. */
function inOrder({ plan, fields }: Filing, odds: Odds, rows: Rows): Plan {
  const weight = new Map(
    plan.fields.map((field) => {
      const passing = field.absent
        ? 1 - odds.present(field.place, rows)
        : fields.includes(field)
          ? odds.leading(field, rows)
          : 1;
      const cost = 1 + field.place.depth + (field.matchers[0]?.kind === 'test' ? 1 : 0);
      return [field, cost / (1.000_1 - passing)];
    }),
  );
  const order = plan.fields.toSorted((a, b) => weight.get(a)! - weight.get(b)!);
  return planOf(plan.ordinal, plan.branch, order);
}

/** Lays out what a junction looks up: places below one object one by one, or many by walking its keys. */
function seat(
  junction: Junction,
  indexes: ReadonlyMap<Place, SlotIndex>,
  present: (place: Place) => number,
): void {
  const byHolder = new Map<Holder, Lookup[]>();
  for (const [place, index] of indexes)
    made(byHolder, place.holder, () => []).push({ place, index });
  for (const [holder, lookups] of byHolder) {
    let reading = 0;
    for (const { place } of lookups)
      reading += READ.absent - present(place) * (READ.absent - READ.present);
    if (reading < READ.walk) junction.lookups.push(...lookups);
    else
      junction.crowds.push(
        new Crowd(holder, new Map(lookups.map((lookup) => [lookup.place.name, lookup]))),
      );
  }
}
