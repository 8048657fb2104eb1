import { cutText } from '#shared/alert/evidence.ts';
import type { EventRecord } from '#shared/event/schema.ts';
import { compareSeverity } from '#shared/kernel/severity.ts';
import type { FeedEvent, FeedFrame } from '#shared/live/schema.ts';

import type { StreamEvent } from './read-records.ts';

/** Events shown of one batch. */
const SAMPLE_MAX = 20;
/** Services counted apart; the rest stand together under `…`. */
const SERVICES_MAX = 50;
/** Longest text of a shown event, in bytes. */
const TEXT_BYTES_MAX = 128;

/**
 * What one batch shows of itself: exact counts and an even sample of its events. At least one event;
 * `matches` is how often they matched a rule.
 */
export function feedFrame(events: readonly StreamEvent[], at: string, matches: number): FeedFrame {
  const stride = Math.ceil(events.length / SAMPLE_MAX);
  const sample: FeedEvent[] = [];
  for (let index = 0; index < events.length; index += stride)
    sample.push(shown(events[index]!.event));
  const first = events[0]!.record.arrived_at_ms;
  const last = events.at(-1)!.record.arrived_at_ms;
  return {
    at,
    events: sample,
    total: events.length,
    matches,
    dropped: events.length - sample.length,
    rate: events.length / Math.max(1, (last - first) / 1000),
    per_service: countServices(events),
  };
}

function countServices(events: readonly StreamEvent[]): FeedFrame['per_service'] {
  const counts = new Map<string, { total: number; errors: number }>();
  for (const { event } of events) {
    const name = event.service === undefined ? '—' : cutText(event.service, TEXT_BYTES_MAX);
    const known = counts.has(name) || counts.size < SERVICES_MAX ? name : '…';
    let count = counts.get(known);
    if (!count) counts.set(known, (count = { total: 0, errors: 0 }));
    count.total++;
    if (compareSeverity(event.severity, 'ERROR') >= 0) count.errors++;
  }
  return Object.fromEntries(counts);
}

function shown(event: EventRecord): FeedEvent {
  return {
    event_id: event.event_id,
    timestamp: event.timestamp,
    source: cutText(event.source, TEXT_BYTES_MAX),
    type: cutText(event.type, TEXT_BYTES_MAX),
    severity: event.severity,
    ...(event.service !== undefined && { service: cutText(event.service, TEXT_BYTES_MAX) }),
  };
}
