import { decodeRecord } from '#shared/event/decode.ts';
import type { Accepted } from '#shared/event/normalise.ts';

import { evaluateRule } from './evaluate-rule.ts';
import { leftOutWords } from './left-out.ts';
import { relativeSeconds } from './relative-time.ts';
import type { DetectionRule } from './schema.ts';
import type { TrialBatch, TrialVerdict } from './trial-schema.ts';

/**
 * Says what a rule, whatever its state, makes of events as producers send them: decoded, matched,
 * grouped and folded as in production. `nowMs` is the time of events that state none. Stores nothing;
 * never throws.
 */
export function tryRule(
  rule: DetectionRule,
  batches: readonly TrialBatch[],
  nowMs: number,
): TrialVerdict[] {
  return batches.map((batch, index) => {
    const { events, rejects } = readEvents(batch.events, nowMs);
    const judged = judge(rule, events, rejects.length);
    const { expect } = batch;
    return {
      name: batch.name ?? `batch ${index + 1}`,
      ...judged,
      ...(expect !== undefined && { expected: expect, passed: judged.verdict === expect }),
      events: events.length,
      rejects,
    };
  });
}

function judge(
  rule: DetectionRule,
  events: readonly Accepted[],
  rejected: number,
): Pick<TrialVerdict, 'verdict' | 'detail' | 'groups'> {
  if (events.length === 0)
    return { verdict: 'fault', detail: `none of ${rejected} events could be read`, groups: [] };
  try {
    const groups = evaluateRule(rule, events);
    const fired = groups.filter(({ occurrences }) => occurrences > 0);
    if (fired.length > 0) {
      const first = fired.find(({ warming }) => !warming) ?? fired[0]!;
      const summary = first.explanation?.summary ?? '';
      const detail = first.warming ? `${summary} (warming up: told to nobody)` : summary;
      return { verdict: 'fires', detail, groups };
    }
    const matched = groups.reduce((sum, group) => sum + group.matched, 0);
    const detail = `the pattern selects ${matched} of ${events.length} events; no group fired${leftOutWords(groups)}`;
    return { verdict: 'quiet', detail, groups };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { verdict: 'fault', detail, groups: [] };
  }
}

function readEvents(
  given: readonly unknown[],
  nowMs: number,
): { events: Accepted[]; rejects: TrialVerdict['rejects'] } {
  const read = { events: [] as Accepted[], rejects: [] as TrialVerdict['rejects'] };
  const seconds = given.map((event) =>
    relativeSeconds((event as { timestamp?: unknown })?.timestamp),
  );
  const beginMs = nowMs - 1000 * Math.max(0, ...seconds.map((second) => second ?? 0));
  for (const [index, event] of given.entries()) {
    const second = seconds[index];
    const timed =
      second === undefined
        ? event
        : { ...(event as object), timestamp: new Date(beginMs + second * 1000).toISOString() };
    const { events, rejects } = decodeThen(bytesOf(timed), nowMs);
    read.events.push(...events);
    for (const { reason, detail } of rejects) read.rejects.push({ index, reason, detail });
  }
  return read;
}

function bytesOf(event: unknown): Uint8Array {
  return Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
}

/** Old events keep their times: each counts as having come when it happened. */
function decodeThen(bytes: Uint8Array, nowMs: number) {
  const tenant = 'trial';
  const now = decodeRecord(bytes, { tenant, arrived_at_ms: nowMs });
  const arrived_at_ms = Math.max(...now.events.map(({ stated_at }) => stated_at));
  if (!Number.isFinite(arrived_at_ms) || arrived_at_ms === nowMs) return now;
  return decodeRecord(bytes, { tenant, arrived_at_ms });
}
