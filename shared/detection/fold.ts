import type { Explanation } from '#shared/alert/schema.ts';
import type { EventRecord } from '#shared/event/schema.ts';

import type { Point } from './detector.ts';
import type { BoundDetector } from './registry.ts';
import { isNewer, packLastEvent, unpackLastEvent } from './last-event.ts';
import { bucketOf, SeenIds } from './seen-ids.ts';
import { compareSequence } from '#shared/event/sequence.ts';
import type { SeenBucket, Series } from './series.ts';

/** One event of a batch for one series; events of one record share its sequence number. */
export interface FoldPoint {
  sequence: string;
  point: Point;
  event: EventRecord;
}

export interface FoldInput {
  tenant: string;
  series_key: string;
  /** The group-by fields and their values, kept with the last event of kinds that find silence. */
  group?: Record<string, string>;
  /** The rule's identity and its detector; a CompiledRule fits. */
  rule: { rule: { rule_id: string; version: number }; detector: BoundDetector };
  /** The row as stored; undefined when there is none. */
  series: Series | undefined;
  /** The stored buckets of the points' stated times (`bucketOf`); absent ones are left out. */
  seen: readonly SeenBucket[];
  /** The shard that brought the points; each shard has its own fence. */
  shard: string;
  /** All points this series has in the batch. A record's points may be split only by `chunkPoints`. */
  points: readonly FoldPoint[];
  /** The sequence number to fence to: the highest of the points unless given; null leaves the fence. */
  fence?: string | null;
  /** RFC 3339, now: from here the idle time of the series is counted. */
  touched_at: string;
}

/** How many events a fold keeps as evidence from each end. */
const EVIDENCE_MAX = 5;

/** What a batch did to one series. All rows belong in one commit with the alert. */
export interface Fold {
  /** To be written, with `revision` = stored + 1; undefined when there is nothing to write. */
  series: Series | undefined;
  /** Buckets to be written, each with `revision` = stored + 1. */
  seen: SeenBucket[];
  /** Events newly part of a finding; 0 opens and counts nothing. */
  occurrences: number;
  /** Earliest events of the findings among the points of this fold, by event time. */
  firstEvents: EventRecord[];
  /** Latest of them; overlaps with `firstEvents` when there are few. */
  lastEvents: EventRecord[];
  /** Of the latest finding. */
  explain: Explanation | undefined;
  /** Event time of the earliest event of the findings, ms; it may have come in an earlier batch. */
  since: number | undefined;
  /** True when every finding of this fold came while the series was too new to be trusted. */
  warming: boolean;
  /** Why what was found before is over; undefined too when this fold found something. */
  recovered: string | undefined;
  /** Points given to the detector. */
  folded: number;
  /** Points left out: folded by an earlier batch, or the same event twice. */
  duplicates: number;
  /** Points the detector could not use, by reason. */
  skipped: Record<string, number>;
  /** True when a bucket was full, so that duplicates may have been counted. */
  approximate: boolean;
  /** Why the stored state was thrown away, when it was. */
  restarted?: string;
}

/**
 * Folds a batch into a series: pure, and each event once however often and by whatever record it
 * comes. A point is left out when its record is at or below the shard's fence (redelivery of a batch)
 * or its id is remembered in its minute (a second record with the same event). Throws what the
 * detector throws: a fault of the rule, never "no match".
 */
export function foldSeries(input: FoldInput): Fold {
  const { tenant, series_key, rule, series, shard, points } = input;
  const { rule_id, version } = rule.rule;
  const fence = series?.fence[shard];
  const buckets = new Map<number, SeenIds>();
  const stored = new Map(input.seen.map((row) => [row.bucket, row]));
  const opened = openState(rule.detector, series);
  let state = opened.state;
  let occurrences = 0;
  let since = Number.POSITIVE_INFINITY;
  let explain: Explanation | undefined;
  let warming = true;
  let recovered: string | undefined;
  let duplicates = 0;
  const used: FoldPoint[] = [];
  const skipped: Record<string, number> = {};
  let folded = 0;

  for (const item of points) {
    if (fence !== undefined && compareSequence(item.sequence, fence) <= 0) {
      duplicates++;
      continue;
    }
    const bucket = bucketOf(item.point.stated_at);
    let ids = buckets.get(bucket);
    if (ids === undefined) buckets.set(bucket, (ids = new SeenIds(stored.get(bucket))));
    if (!ids.add(item.point.event_id)) {
      duplicates++;
      continue;
    }
    folded++;
    const update = rule.detector.update(state, item.point);
    state = update.state;
    if (update.skipped === undefined) used.push(item);
    else skipped[update.skipped] = (skipped[update.skipped] ?? 0) + 1;
    recovered = update.recovered ?? recovered;
    if (update.match === undefined) continue;
    occurrences += update.match.occurrences;
    since = Math.min(since, update.match.since);
    explain = update.match.explain;
    warming &&= update.match.warming === true;
  }

  const target = input.fence === undefined ? highest(points) : input.fence;
  const advanced = target !== null && (fence === undefined || compareSequence(target, fence) > 0);
  const key = { tenant, rule_id, series_key };
  const evidence = occurrences > 0 ? evidenceOf(used, since) : [];
  return {
    series:
      folded > 0 || advanced
        ? {
            ...key,
            rule_version: version,
            fence: { ...series?.fence, ...(advanced && { [shard]: target }) },
            state: rule.detector.pack(state),
            touched_at: input.touched_at,
            idle_seconds: rule.detector.idle_seconds,
            ...dueOf(input, state, used),
            revision: (series?.revision ?? 0) + 1,
          }
        : undefined,
    seen: [...buckets].flatMap(([bucket, ids]) => ids.row({ ...key, bucket }) ?? []),
    occurrences,
    firstEvents: evidence.slice(0, EVIDENCE_MAX),
    lastEvents: evidence.slice(-EVIDENCE_MAX),
    explain,
    since: occurrences > 0 ? since : undefined,
    warming: occurrences > 0 && warming,
    recovered: occurrences > 0 ? undefined : recovered,
    folded,
    duplicates,
    skipped,
    approximate: [...buckets.values()].some((ids) => ids.full),
    ...(opened.restarted !== undefined && { restarted: opened.restarted }),
  };
}

/** When the series is to be judged though nothing comes, and the event to show then; nothing for most kinds. */
function dueOf(
  { rule, series, group = {} }: FoldInput,
  state: unknown,
  used: readonly FoldPoint[],
): Pick<Series, 'due_at' | 'last_event_json'> {
  if (rule.detector.dueAt === undefined) return {};
  const due = rule.detector.dueAt(state);
  const kept = series?.last_event_json;
  const former = kept === undefined ? undefined : unpackLastEvent(kept).event;
  let newest = former;
  for (const { event } of used) if (newest === undefined || isNewer(event, newest)) newest = event;
  const last = newest === former ? kept : packLastEvent({ event: newest!, group });
  return {
    ...(due !== undefined && { due_at: new Date(due).toISOString() }),
    ...(last !== undefined && { last_event_json: last }),
  };
}

/** A state that cannot be read (the rule aggregates something else now) is begun anew, and said so. */
function openState(
  detector: BoundDetector,
  series: Series | undefined,
): { state: unknown; restarted?: string } {
  if (series === undefined) return { state: detector.empty() };
  try {
    return { state: detector.unpack(series.state) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { state: detector.empty(), restarted: error.message };
  }
}

function highest(points: readonly FoldPoint[]): string | null {
  let top: string | null = null;
  for (const { sequence } of points)
    if (top === null || compareSequence(sequence, top) > 0) top = sequence;
  return top;
}

/** The events of the findings, by time and then id, so that the same set reads the same. */
function evidenceOf(used: readonly FoldPoint[], since: number): EventRecord[] {
  return used
    .filter(({ point }) => point.at >= since)
    .sort(
      (a, b) =>
        a.point.at - b.point.at ||
        (a.point.event_id < b.point.event_id ? -1 : Number(a.point.event_id > b.point.event_id)),
    )
    .map(({ event }) => event);
}
