import { setTimeout as sleep } from 'node:timers/promises';

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
/** How often an entry refused inside a 200 is put, and the first pause before that; it doubles. */
const ATTEMPTS_MAX = 3;
const PAUSE_MS = 50;

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

/** `again`: the entry alone was refused; the SDK has already repeated calls that failed whole. */
type Outcome = { result: PublishResult; again: boolean };

/**
 * An EventBridge bus; each entry's own answer counts, because PutEvents fails partially inside a 200.
 * Refused entries are put again a few times before that is the answer, without those that were taken.
 */
export function createEventBridgeBus(client: EventBridgeClient, busName: string): MessageBus {
  async function put(entries: PutEventsRequestEntry[]): Promise<Outcome[]> {
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
      return entries.map((_, index): Outcome => {
        const answer = Entries[index];
        if (answer?.EventId !== undefined && answer.ErrorCode === undefined)
          return { result: { ok: true }, again: false };
        const code = answer?.ErrorCode ?? 'no event id';
        const error = `${code} ${answer?.ErrorMessage ?? ''}`.trim();
        return { result: { ok: false, error }, again: true };
      });
    } catch (cause) {
      const error = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      return entries.map(() => ({ result: { ok: false, error }, again: false }));
    }
  }
  async function putAll(entries: readonly PutEventsRequestEntry[]): Promise<Outcome[]> {
    const calls = split(entries);
    const outcomes: Outcome[] = [];
    for (let at = 0; at < calls.length; at += CALLS_MAX)
      outcomes.push(...(await Promise.all(calls.slice(at, at + CALLS_MAX).map(put))).flat());
    return outcomes;
  }
  return {
    async publish(envelopes) {
      const entries = envelopes.map((envelope) => toEntry(envelope, busName));
      const results: PublishResult[] = [];
      let waiting = [...entries.keys()];
      for (let attempt = 1; waiting.length > 0; attempt++) {
        const outcomes = await putAll(waiting.map((index) => entries[index]!));
        for (const [at, index] of waiting.entries()) results[index] = outcomes[at]!.result;
        waiting = waiting.filter((_, at) => outcomes[at]!.again);
        if (attempt === ATTEMPTS_MAX || waiting.length === 0) break;
        await sleep(PAUSE_MS * 2 ** (attempt - 1));
      }
      return results;
    },
  };
}
