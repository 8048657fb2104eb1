import type { Holder, Place } from './event-view.ts';
import { made } from './made.ts';
import type { Matcher } from './matcher.ts';
import type { Odds } from './odds.ts';
import type { Plan, PlanField } from './plan.ts';
import type { Rows } from './traffic.ts';

/** Most junctions one plan is filed under by combinations of its values. */
const SPREAD_MAX = 32;
/** About what each takes, in nanoseconds, to weigh them against each other. */
const COST = {
  read: 12,
  absent: 20,
  plan: 40,
  equals: 14,
  affix: 10,
  part: 40,
  block: 8,
  bound: 5,
  present: 1,
};
/** Where plans ask for so many places below one object its keys are walked, and those it has not cost nothing. */
const WALKED_PLACES = 16;
/** Plans looked at between two rests. */
const STRIDE = 32;

/** A plan on its way to its junction: the fields nothing on the way has asked for yet. */
export interface Filing {
  readonly plan: Plan;
  readonly fields: readonly PlanField[];
  /** How many junctions it has been spread over. */
  readonly spread: number;
}

/** A field a plan can be filed by. */
interface Way {
  readonly filing: Filing;
  readonly field: PlanField;
  readonly table: Table;
  /** What the plan then costs each event, in ns: that of trying it, as often as the event is led to it. */
  readonly cost: number;
}

/** What is looked up in one place for one sort of witness, with the plans it could serve. */
interface Table {
  readonly place: Place;
  /** Of looking it up for each event, in ns. */
  cost: number;
  readonly ways: Way[];
  saving: number;
}

/**
 * Which plans to file by which field; those left out are better tried on every event. Opens the table
 * that saves most, as long as one saves more than it costs, then closes those the later ones made
 * idle. (Greedy facility location; savings only shrink, so that a table is weighed again only when
 * its turn comes.) Yields now and then.
 */
export function* chooseWays(
  filings: readonly Filing[],
  odds: Odds,
  rows: Rows,
): Generator<void, Map<Filing, Way>> {
  const chosen = new Map<Filing, Way>();
  const waiting = yield* tablesOf(filings, odds, rows);
  const opened = new Set<Table>();
  const saving = ({ cost, ways }: Table) => {
    let sum = -cost;
    for (const way of ways)
      sum += Math.max(0, (chosen.get(way.filing)?.cost ?? COST.plan) - way.cost);
    return sum;
  };
  for (const table of waiting) {
    table.saving = saving(table);
    yield;
  }
  waiting.sort((a, b) => a.saving - b.saving);
  for (let table = waiting.pop(); table !== undefined; table = waiting.pop()) {
    table.saving = saving(table);
    if (table.saving <= 0) continue;
    if (table.saving < (waiting.at(-1)?.saving ?? 0)) {
      insert(waiting, table);
      continue;
    }
    opened.add(table);
    for (const way of table.ways)
      if (way.cost < (chosen.get(way.filing)?.cost ?? COST.plan)) chosen.set(way.filing, way);
    yield;
  }
  yield* closeIdle(opened, chosen);
  return chosen;
}

/** Keeps the order: the greatest saving last. */
function insert(tables: Table[], table: Table): void {
  let at = tables.length;
  while (at > 0 && tables[at - 1]!.saving > table.saving) at--;
  tables.splice(at, 0, table);
}

/** Closes tables whose plans are served nearly as well by the others. */
function* closeIdle(opened: Set<Table>, chosen: Map<Filing, Way>): Generator<void, void> {
  const ways = new Map<Filing, Way[]>();
  for (const table of opened)
    for (const way of table.ways) made(ways, way.filing, () => [] as Way[]).push(way);
  for (const table of opened) {
    yield;
    const moves: [Filing, Way | undefined][] = [];
    let loss = 0;
    for (const { filing, cost } of table.ways) {
      if (chosen.get(filing)?.table !== table) continue;
      let next: Way | undefined;
      for (const way of ways.get(filing)!)
        if (way.table !== table && opened.has(way.table) && way.cost < (next?.cost ?? COST.plan))
          next = way;
      loss += (next?.cost ?? COST.plan) - cost;
      if (loss >= table.cost) break;
      moves.push([filing, next]);
    }
    if (loss >= table.cost) continue;
    opened.delete(table);
    for (const [filing, way] of moves)
      if (way === undefined) chosen.delete(filing);
      else chosen.set(filing, way);
  }
}

function* tablesOf(filings: readonly Filing[], odds: Odds, rows: Rows): Generator<void, Table[]> {
  const tables = new Map<Place, Map<string, Table>>();
  for (const [at, filing] of filings.entries()) {
    if (at % STRIDE === STRIDE - 1) yield;
    for (const field of filing.fields) {
      const { place, matchers } = field;
      if (filing.spread > 1 && matchers.length * filing.spread > SPREAD_MAX) continue;
      const sorts = sortsOf(matchers);
      if (sorts === undefined) continue;
      const table = made(
        made(tables, place, () => new Map<string, Table>()),
        sorts,
        () => ({ place, cost: costOf(sorts), ways: [], saving: 0 }),
      );
      table.ways.push({ filing, field, table, cost: odds.leading(field, rows) * COST.plan });
    }
  }
  const placesBelow = new Map<Holder, number>();
  for (const { holder } of tables.keys())
    placesBelow.set(holder, (placesBelow.get(holder) ?? 0) + 1);
  for (const [place, ofPlace] of tables) {
    const present = odds.present(place, rows);
    const absent = placesBelow.get(place.holder)! < WALKED_PLACES ? COST.absent : 0;
    for (const table of ofPlace.values())
      table.cost = present * table.cost + (1 - present) * absent;
  }
  return [...tables.values()].flatMap((ofPlace) => [...ofPlace.values()]);
}

/** Names the sorts of witnesses that matchers have; undefined where one has none. */
function sortsOf(matchers: readonly Matcher[]): string | undefined {
  if (matchers.length === 1) return sortOf(matchers[0]!);
  const sorts = new Set<Sort>();
  for (const matcher of matchers) {
    const sort = sortOf(matcher);
    if (sort === undefined) return undefined;
    sorts.add(sort);
  }
  return [...sorts].sort().join(' ');
}

type Sort = Exclude<keyof typeof COST, 'read' | 'absent' | 'plan'>;

function sortOf(matcher: Matcher): Sort | undefined {
  if (matcher.kind === 'equals') return 'equals';
  if (matcher.kind === 'present') return 'present';
  switch (matcher.kind === 'test' ? matcher.witness?.by : undefined) {
    case 'start':
    case 'end':
      return 'affix';
    case 'part':
      return 'part';
    case 'block':
      return 'block';
    case 'least':
    case 'most':
      return 'bound';
    default:
      return undefined;
  }
}

function costOf(sorts: string): number {
  return sorts.split(' ').reduce((cost, sort) => cost + COST[sort as Sort], COST.read);
}
