import { crosses, inMeasure, measureOf } from './aggregate.ts';
import type { ThresholdConfig } from './config.ts';
import type { Finding } from './exact-window.ts';
import { DISTINCT_PAIRS_MAX, SLOTS_PER_WINDOW } from './state.ts';
import type { ExactState, Slot, SlotState } from './state.ts';

/** Width of one slot in milliseconds. */
function slotMs(config: ThresholdConfig): number {
  return (config.window_seconds * 1000) / SLOTS_PER_WINDOW;
}

/** Totals per slot of what was kept sample by sample. */
export function toSlots(state: ExactState, config: ThresholdConfig): SlotState {
  const slots: Slot[] = [];
  let pairs: SlotState['pairs'] = [];
  const width = slotMs(config);
  for (const [index, time] of state.times.entries()) {
    const at = Math.floor(time / width);
    const value = state.values[index]!;
    if (slots.at(-1)?.at !== at) slots.push({ at, count: 0, sum: 0, counted: 0 });
    const slot = slots.at(-1)!;
    slot.count++;
    if (measureOf(config) !== 'distinct') slot.sum += value;
    else pairs = withPair(pairs, value, at);
    if (state.counted[index]) slot.counted++;
  }
  const { late, skipped } = state;
  const newest = state.times.at(-1) ?? 0;
  return thinned({ kind: 'slots', slots, pairs, level: 0, newest, late, skipped });
}

/** As insertExact, over windows of 60 whole slots. */
export function insertSlot(
  state: SlotState,
  config: ThresholdConfig,
  at: number,
  value: number,
): { state: SlotState; finding?: Finding } {
  const width = slotMs(config);
  const own = Math.floor(at / width);
  const newest = Math.max(at, state.newest);
  const oldest = Math.floor(newest / width) - 2 * SLOTS_PER_WINDOW;
  const slots = state.slots.filter((slot) => slot.at > oldest).map((slot) => ({ ...slot }));
  let place = slots.findIndex((slot) => slot.at >= own);
  if (place < 0) place = slots.length;
  if (slots[place]?.at !== own) slots.splice(place, 0, { at: own, count: 0, sum: 0, counted: 0 });
  slots[place]!.count++;
  let pairs = state.pairs;
  if (measureOf(config) === 'distinct') {
    pairs = pairs.filter(([, slot]) => slot > oldest);
    if (value % 2 ** state.level === 0) pairs = withPair(pairs, value, own);
  } else slots[place]!.sum += value;
  const next = thinned({ ...state, slots, pairs, newest });

  let finding: Finding | undefined;
  for (let end = place; end < slots.length && slots[end]!.at < own + SLOTS_PER_WINDOW; end++) {
    const last = slots[end]!.at;
    const members = slots.filter((slot) => slot.at > last - SLOTS_PER_WINDOW && slot.at <= last);
    const count = members.reduce((sum, slot) => sum + slot.count, 0);
    const aggregate = aggregateOf(next, config, members, count, last);
    if (!crosses(config, aggregate, count)) continue;
    let occurrences = finding?.occurrences ?? 0;
    for (const slot of members) {
      occurrences += slot.count - slot.counted;
      slot.counted = slot.count;
    }
    const since = Math.min(members[0]!.at * width, finding?.since ?? Number.POSITIVE_INFINITY);
    finding = { aggregate, count, occurrences, since };
  }
  return finding !== undefined && finding.occurrences > 0
    ? { state: next, finding }
    : { state: next };
}

function aggregateOf(
  state: SlotState,
  config: ThresholdConfig,
  members: readonly Slot[],
  count: number,
  last: number,
): number {
  const measure = measureOf(config);
  if (measure === 'count') return inMeasure(config, count);
  if (measure === 'distinct') {
    const seen = new Set<number>();
    for (const [hash, slot] of state.pairs)
      if (slot > last - SLOTS_PER_WINDOW && slot <= last) seen.add(hash);
    return seen.size * 2 ** state.level;
  }
  const sum = members.reduce((total, slot) => total + slot.sum, 0);
  return measure === 'sum' ? inMeasure(config, sum) : sum / count;
}

/** Pairs stay sorted by hash, then slot, each once. */
function withPair(pairs: SlotState['pairs'], hash: number, slot: number): SlotState['pairs'] {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [otherHash, otherSlot] = pairs[middle]!;
    if (otherHash < hash || (otherHash === hash && otherSlot < slot)) low = middle + 1;
    else high = middle;
  }
  const found = pairs[low];
  if (found !== undefined && found[0] === hash && found[1] === slot) return pairs;
  return pairs.toSpliced(low, 0, [hash, slot]);
}

/** Halves the sample of hashes until it fits; the estimate scales with it. */
function thinned(state: SlotState): SlotState {
  let { pairs, level } = state;
  while (pairs.length > DISTINCT_PAIRS_MAX) {
    level++;
    const divisor = 2 ** level;
    pairs = pairs.filter(([hash]) => hash % divisor === 0);
  }
  return level === state.level ? state : { ...state, pairs, level };
}
