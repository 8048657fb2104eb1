import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';

import type { Envelope } from '#shared/audit/schema.ts';
import type { MessageBus, PublishResult } from '#shared/ports/message-bus.ts';

/** PutEvents quotas: entries per call, and bytes of all entries together (256 KiB). */
const ENTRIES_MAX = 10;
const CALL_BYTES_MAX = 256 * 1024;
/** Calls under way at once. */
const CALLS_MAX = 4;

/** The alert an envelope speaks of, as the entry's resource; none when it speaks of none. */
function resources(envelope: Envelope): string[] {
  const alert: unknown = envelope.payload['alert'];
  if (typeof alert !== 'object' || alert === null || !('alert_id' in alert)) return [];
  return typeof alert.alert_id === 'string' ? [alert.alert_id] : [];
}

function toEntry(envelope: Envelope, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: envelope.source,
    DetailType: envelope.type,
    Detail: JSON.stringify(envelope),
    Resources: resources(envelope),
    Time: new Date(envelope.timestamp * 1000),
  };
}

/** What EventBridge counts: 14 bytes for the time, then source, type, detail and resources in UTF-8. */
function entryBytes(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 14);
}

/** Splits into calls within both quotas, keeping the order. */
function split(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    const call = calls.at(-1);
    if (call && call.length < ENTRIES_MAX && bytes + size <= CALL_BYTES_MAX) {
      call.push(entry);
      bytes += size;
    } else {
      calls.push([entry]);
      bytes = size;
    }
  }
  return calls;
}

/** An EventBridge bus; each entry's own answer counts, because PutEvents fails partially inside a 200. */
export function createEventBridgeBus(client: EventBridgeClient, busName: string): MessageBus {
  async function put(entries: PutEventsRequestEntry[]): Promise<PublishResult[]> {
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
      return entries.map((_, index): PublishResult => {
        const answer = Entries[index];
        if (answer?.EventId !== undefined && answer.ErrorCode === undefined) return { ok: true };
        const error = answer?.ErrorCode ?? 'no event id';
        return { ok: false, error: `${error} ${answer?.ErrorMessage ?? ''}`.trim() };
      });
    } catch (cause) {
      const error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      return entries.map(() => ({ ok: false, error }));
    }
  }
  return {
    async publish(envelopes) {
      const calls = split(envelopes.map((envelope) => toEntry(envelope, busName)));
      const results: PublishResult[] = [];
      for (let at = 0; at < calls.length; at += CALLS_MAX)
        results.push(...(await Promise.all(calls.slice(at, at + CALLS_MAX).map(put))).flat());
      return results;
    },
  };
}
