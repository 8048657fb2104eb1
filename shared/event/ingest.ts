import { SentryError } from '#shared/kernel/error.ts';
import type { Context } from '#shared/kernel/context.ts';
import type { EventStream } from '#shared/ports/event-stream.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import { requireScope } from '#shared/access/scope.ts';
import { hold } from '#shared/quarantine/hold.ts';

import { type Decoded, decodeRecord } from './decode.ts';
import type { DecodedEvent } from './normalise.ts';
import { EVENT_BYTES_MAX } from './schema.ts';
import { signTenantKey } from './tenant-key.ts';

/** What became of one request: every event of it stands in exactly one of the lists, by its index. */
export interface IngestResult {
  accepted: { index: number; event_id: string; sequence_number: string }[];
  failed: { index: number; reason: string; detail: string; event_id?: string }[];
}

export interface IngestPorts {
  stream: EventStream;
  quarantine: QuarantineStore;
  /** Hex key that signs the tenant into the partition key. */
  signingKey(): Promise<string>;
}

/** Requests up to this many events put one record each; larger ones pack them. */
const UNPACKED_MAX = 20;
const PACKED_EVENTS_MAX = 100;
const PACKED_BYTES_MAX = 200 * 1024;

/**
 * Takes one event, an array, NDJSON, CloudEvents (structured or batch), plain or compressed, and puts
 * them on the stream. An event counts as accepted only with a sequence number; bad ones are answered by
 * index and kept in quarantine. Throws `forbidden`, and `invalid_input` for a body without any event.
 */
export async function ingestEvents(
  body: Uint8Array,
  context: Context,
  ports: IngestPorts,
): Promise<IngestResult> {
  requireScope(context, 'sentry.ingest');
  const arrival = { tenant: context.tenant, arrived_at_ms: context.now() };
  const decoded = refuseGrown(decodeRecord(body, arrival));
  if (decoded.events.length + decoded.rejects.length === 0)
    throw new SentryError(
      'invalid_input',
      'The body holds no event. Send one JSON event, an array or NDJSON.',
    );
  const result: IngestResult = {
    accepted: [],
    failed: decoded.rejects.map(({ index, reason, detail }) => ({ index, reason, detail })),
  };
  if (decoded.rejects.length > 0)
    await hold(
      decoded.rejects.map((reject) => ({
        ...reject,
        tenant: context.tenant,
        origin: 'api' as const,
      })),
      context,
      ports.quarantine,
    );
  const batches = pack(decoded.events);
  const key = await ports.signingKey();
  const records = batches.map((batch) => ({
    data: batch.data,
    partition_key: signTenantKey(key, context.tenant, context.newId(), batch.data),
  }));
  const outcomes = records.length === 0 ? [] : await ports.stream.put(records);
  batches.forEach((batch, at) => {
    const outcome = outcomes[at]!;
    for (const { index, event } of batch.events)
      if (outcome.kind === 'put')
        result.accepted.push({
          index,
          event_id: event.event_id,
          sequence_number: outcome.sequence_number,
        });
      else
        result.failed.push({
          index,
          event_id: event.event_id,
          reason: outcome.reason,
          detail: 'Not stored. Send this event again.',
        });
  });
  result.failed.sort((a, b) => a.index - b.index);
  return result;
}

/**
 * `1e20` is written out in 21 digits and defaults are added, so an event can outgrow what detection
 * reads (two bytes are for the array it may be packed in): better refused here than after a 202.
 */
function refuseGrown(decoded: Decoded): Decoded {
  const events: Decoded['events'] = [];
  const rejects = [...decoded.rejects];
  for (const accepted of decoded.events) {
    const raw = Buffer.from(JSON.stringify(accepted.event));
    if (raw.length <= EVENT_BYTES_MAX - 2) events.push(accepted);
    else {
      const detail = `larger than ${EVENT_BYTES_MAX} bytes with every number and default written out`;
      rejects.push({ index: accepted.index, reason: 'too_large', detail, raw });
    }
  }
  return { events, rejects };
}

interface Packed {
  events: readonly DecodedEvent[];
  data: Uint8Array;
}

/** One record per event for small requests, JSON arrays of events for large ones. */
function pack(events: readonly DecodedEvent[]): Packed[] {
  const texts = events.map((accepted) => JSON.stringify(accepted.event));
  if (events.length <= UNPACKED_MAX)
    return events.map((event, at) => ({ events: [event], data: Buffer.from(texts[at]!) }));
  const packed: Packed[] = [];
  let start = 0;
  let bytes = 0;
  for (let at = 0; at <= events.length; at++) {
    const size = at < events.length ? Buffer.byteLength(texts[at]!) : 0;
    const full = at - start === PACKED_EVENTS_MAX || bytes + size > PACKED_BYTES_MAX;
    if (at > start && (at === events.length || full)) {
      packed.push({
        events: events.slice(start, at),
        data: Buffer.from(`[${texts.slice(start, at).join(',')}]`),
      });
      start = at;
      bytes = 0;
    }
    bytes += size;
  }
  return packed;
}
