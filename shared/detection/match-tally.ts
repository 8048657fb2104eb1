import { SentryError } from '#shared/kernel/error.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import { ACTIVITY_HOUR_MS, type RuleActivity } from '#shared/rule/activity-schema.ts';
import { compareSequence } from '#shared/event/sequence.ts';

import type { StreamRecord } from './read-records.ts';

/** How often a lost race is read and counted again. */
const ATTEMPTS_MAX = 3;

interface HourTally {
  tenant: string;
  hour: number;
  shard: string;
  /** The sequence number of each match, by rule, in stream order. */
  matches: Map<string, string[]>;
}

/** What the rules matched in a batch, by tenant, shard and hour of arrival. */
export class MatchTally {
  readonly #hours: HourTally[] = [];
  #last: HourTally | undefined;

  add(tenant: string, { shard, sequence, arrived_at_ms }: StreamRecord, ruleId: string): void {
    const hour = Math.floor(arrived_at_ms / ACTIVITY_HOUR_MS);
    const { matches } = this.#hourOf(tenant, hour, shard);
    const sequences = matches.get(ruleId);
    if (sequences) sequences.push(sequence);
    else matches.set(ruleId, [sequence]);
  }

  /** Nearly every match is of the hour of the one before it. */
  #hourOf(tenant: string, hour: number, shard: string): HourTally {
    const isIt = (tally: HourTally) =>
      tally.hour === hour && tally.shard === shard && tally.tenant === tenant;
    if (this.#last && isIt(this.#last)) return this.#last;
    this.#last = this.#hours.find(isIt);
    if (!this.#last) this.#hours.push((this.#last = { tenant, hour, shard, matches: new Map() }));
    return this.#last;
  }

  /** How often the tenant's records below `uncommitted` matched in this batch. */
  countOf(tenant: string, uncommitted: string | undefined): number {
    let count = 0;
    for (const tally of this.#hours)
      if (tally.tenant === tenant)
        for (const sequences of tally.matches.values())
          count += between(sequences, undefined, uncommitted).length;
    return count;
  }

  /**
   * Adds what is committed, which is everything below `uncommitted`, to the stored counts, once
   * however often a record comes. Throws what the store throws; then it is counted with the next batch
   * that comes again, or not at all.
   */
  async save(store: RuleActivityStore, uncommitted: string | undefined): Promise<void> {
    await Promise.all(this.#hours.map((tally) => saveHour(store, tally, uncommitted)));
  }
}

async function saveHour(
  store: RuleActivityStore,
  tally: HourTally,
  uncommitted: string | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const row = counted(await store.get(tally.tenant, tally.hour, tally.shard), tally, uncommitted);
    if (!row) return;
    try {
      return await store.put(row);
    } catch (error) {
      const lost = error instanceof SentryError && error.code === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** The row with the matches above its fence counted in; undefined when there are none. */
function counted(
  stored: RuleActivity | undefined,
  { tenant, hour, shard, matches }: HourTally,
  uncommitted: string | undefined,
): RuleActivity | undefined {
  const counts = new Map(Object.entries(stored?.matches ?? {}));
  let fence = stored?.fence;
  for (const [ruleId, sequences] of matches) {
    const fresh = between(sequences, stored?.fence, uncommitted);
    const last = fresh.at(-1);
    if (last === undefined) continue;
    counts.set(ruleId, (counts.get(ruleId) ?? 0) + fresh.length);
    if (fence === undefined || compareSequence(last, fence) > 0) fence = last;
  }
  if (fence === undefined || fence === stored?.fence) return undefined;
  const revision = (stored?.revision ?? 0) + 1;
  return { tenant, hour, shard, fence, matches: Object.fromEntries(counts), revision };
}

/** Those above `after` and below `before`, of ascending ones. */
function between(
  sequences: readonly string[],
  after: string | undefined,
  before: string | undefined,
): readonly string[] {
  const isFresh = (sequence: string) =>
    (after === undefined || compareSequence(sequence, after) > 0) &&
    (before === undefined || compareSequence(sequence, before) < 0);
  // Ascending, so that the ends answer for all between them.
  if (isFresh(sequences[0]!) && isFresh(sequences.at(-1)!)) return sequences;
  return sequences.filter(isFresh);
}
