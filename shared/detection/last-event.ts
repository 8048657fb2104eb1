import type { EventRecord } from '#shared/event/schema.ts';

/** Most that the row of a series spends on it, in bytes of JSON. */
const BYTES_MAX = 4096;
/** Longest text kept of an event too large to be kept whole, in characters. */
const TEXT_MAX = 200;

/** The newest event of a series and its group: what an alert about silence shows. */
export interface LastEvent {
  event: EventRecord;
  /** The group-by fields and their values, for people. */
  group: Record<string, string>;
}

/** At most 4 KiB of JSON; of a larger event the short fields of its payload stay, as far as there is room. */
export function packLastEvent({ event, group }: LastEvent): string {
  const whole = JSON.stringify({ event, group });
  if (Buffer.byteLength(whole) <= BYTES_MAX) return whole;
  const { event_id, source, type, severity, timestamp, service } = event;
  const cut: EventRecord = {
    event_id: short(event_id),
    source: short(source),
    type: short(type),
    severity,
    timestamp,
    ...(service !== undefined && { service: short(service) }),
    payload: {},
  };
  const payload: Record<string, unknown> = {};
  let left = BYTES_MAX - Buffer.byteLength(JSON.stringify({ event: cut, group }));
  for (const [name, value] of scalarsOf(event.payload)) {
    left -= Buffer.byteLength(JSON.stringify({ [name]: value }));
    if (left < 0) break;
    Object.defineProperty(payload, name, { value, enumerable: true });
  }
  return JSON.stringify({ event: { ...cut, payload }, group });
}

/** Reads what `packLastEvent` wrote. */
export function unpackLastEvent(text: string): LastEvent {
  return JSON.parse(text) as LastEvent;
}

/** Whether an event is newer than the one kept; of two at the same time the greater id, so that order of arrival decides nothing. */
export function isNewer(event: EventRecord, than: EventRecord): boolean {
  if (event.timestamp !== than.timestamp) return event.timestamp > than.timestamp;
  return event.event_id > than.event_id;
}

function short(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}…`;
}

function scalarsOf(payload: unknown): [string, unknown][] {
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload).filter(
    ([, value]) =>
      typeof value === 'number' ||
      typeof value === 'boolean' ||
      (typeof value === 'string' && value.length <= TEXT_MAX),
  );
}
