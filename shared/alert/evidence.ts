import type { EventRecord } from '#shared/event/schema.ts';

import type { Alert, Evidence } from './schema.ts';

/** Events kept from each end of an alert's life. */
const EVIDENCE_KEPT = 5;
/** Longest `payload_json`, in bytes of UTF-8, the `…` included. */
const PAYLOAD_BYTES_MAX = 4096;

const encoder = new TextEncoder();

/** Cuts text to at most `bytesMax` bytes of UTF-8, never inside a character; what was cut ends with `…`. */
export function cutText(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const room = new Uint8Array(bytesMax);
  const whole = encoder.encodeInto(text, room);
  if (whole.read === text.length) return text;
  const { read } = encoder.encodeInto(text, room.subarray(0, bytesMax - 3));
  return `${text.slice(0, read)}…`;
}

function evidenceOf(event: EventRecord): Evidence {
  return {
    event_id: event.event_id,
    timestamp: event.timestamp,
    source: event.source,
    type: event.type,
    severity: event.severity,
    ...(event.service !== undefined && { service: event.service }),
    ...(event.clock_skewed && { clock_skewed: true }),
    payload_json: cutText(JSON.stringify(event.payload) ?? 'null', PAYLOAD_BYTES_MAX),
  };
}

/** Only these of a batch's events can become evidence: its first and last five, each once, in order. */
function evidenceCandidates<Row>(events: readonly Row[]): readonly Row[] {
  if (events.length <= 2 * EVIDENCE_KEPT) return events;
  return [...events.slice(0, EVIDENCE_KEPT), ...events.slice(-EVIDENCE_KEPT)];
}

/** Adds newer events: the first five stay for ever, the last five are those that came last. */
export function addEvidence(
  evidence: Alert['evidence'],
  events: readonly EventRecord[],
): Alert['evidence'] {
  const added = evidenceCandidates(events).map(evidenceOf);
  const free = Math.max(0, EVIDENCE_KEPT - evidence.first.length);
  return {
    first: [...evidence.first, ...added.slice(0, free)],
    last: [...evidence.last, ...added.slice(free)].slice(-EVIDENCE_KEPT),
  };
}
