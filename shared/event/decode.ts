import { isUtf8 } from 'node:buffer';

import { fromCloudEvent, isCloudEvent } from './from-cloudevents.ts';
import { fromCloudTrail, isCloudTrailLog, isCloudTrailRecord } from './from-cloudtrail.ts';
import { fromLogsSubscription, isLogsSubscription } from './from-cloudwatch-logs.ts';
import { fromEventBridge, isEventBridgeEnvelope } from './from-eventbridge.ts';
import { inflate } from './inflate.ts';
import { jsonDepthExceeds, nestsDeeper, splitJsonArray, splitLines } from './json-depth.ts';
import {
  type Accepted,
  type Arrival,
  type DecodedEvent,
  EventFault,
  isObject,
  type JsonObject,
  normaliseEvent,
} from './normalise.ts';
import { EVENT_BYTES_MAX, EVENT_DEPTH_MAX } from './schema.ts';

/** What cannot become an event: why, and exactly the bytes that came. */
export interface Reject {
  index: number;
  reason: string;
  detail: string;
  raw: Uint8Array;
}

/** Every event and every reject, in the order they stand in the record. */
export interface Decoded {
  events: DecodedEvent[];
  rejects: Reject[];
}

/**
 * Makes events of one record's bytes: inflates, then sniffs native JSON, arrays, NDJSON, CloudEvents,
 * EventBridge envelopes, CloudTrail records and log files, and CloudWatch Logs subscriptions. Never
 * throws on any bytes; a bad event in an array or NDJSON is rejected alone.
 */
export function decodeRecord(bytes: Uint8Array, arrival: Arrival): Decoded {
  const decoded: Decoded = { events: [], rejects: [] };
  const inflated = inflate(bytes);
  if (inflated.kind === 'refused') {
    reject(decoded, inflated.reason, inflated.detail, bytes);
    return decoded;
  }
  const text = withoutBom(inflated.bytes);
  const whole = parseWhole(text);
  if (whole.kind === 'json') {
    const { value } = whole;
    if (!Array.isArray(value)) take(value, arrival, decoded, text);
    else if (value.length === 1) take(value[0], arrival, decoded, text);
    else
      for (let at = 0; at < value.length; at++)
        take(value[at], arrival, decoded, () => splitJsonArray(text)?.[at] ?? text);
    return decoded;
  }
  // One element alone is quarantined with the record as it came.
  const parts = splitJsonArray(text) ?? ndjsonLines(text);
  if (!parts || parts.length === 1) {
    reject(decoded, whole.reason, whole.detail, bytes);
    return decoded;
  }
  for (const part of parts) decodePart(part, arrival, decoded);
  return decoded;
}

type Whole = { kind: 'json'; value: unknown } | { kind: 'fault'; reason: string; detail: string };

function parseWhole(text: Uint8Array): Whole {
  const value = parseOrdinary(text);
  if (value !== undefined) return { kind: 'json', value };
  if (text.length === 0) return { kind: 'fault', reason: 'empty', detail: 'the record is empty' };
  if (!isUtf8(text))
    return { kind: 'fault', reason: 'bad_utf8', detail: 'the bytes are not UTF-8' };
  if (jsonDepthExceeds(text, isArray(text) ? EVENT_DEPTH_MAX + 1 : EVENT_DEPTH_MAX))
    return {
      kind: 'fault',
      reason: 'too_deep',
      detail: `nested deeper than ${EVENT_DEPTH_MAX} levels`,
    };
  if (text.length > EVENT_BYTES_MAX)
    return { kind: 'fault', reason: 'too_large', detail: `larger than ${EVENT_BYTES_MAX} bytes` };
  try {
    return { kind: 'json', value: JSON.parse(textOf(text)) };
  } catch (error) {
    return { kind: 'fault', reason: 'bad_json', detail: (error as Error).message.slice(0, 200) };
  }
}

/**
 * The value of a text that is plainly in order, without a look at each byte; undefined when it takes a
 * closer look to tell. How deep it nests is asked of what is kept of it.
 */
function parseOrdinary(bytes: Uint8Array): unknown {
  if (bytes.length > EVENT_BYTES_MAX) return undefined;
  const text = textOf(bytes);
  // What is not UTF-8 is read as U+FFFD.
  if (text.includes('\ufffd')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  return (
    Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  ).toString('utf8');
}

/** Lines of NDJSON when at least one of several is JSON of an object; a torn document is not NDJSON. */
function ndjsonLines(text: Uint8Array): Uint8Array[] | undefined {
  const lines = splitLines(text);
  if (lines.length < 2) return undefined;
  return lines.some((line) => line[0] === 0x7b && parseWhole(line).kind === 'json')
    ? lines
    : undefined;
}

function decodePart(part: Uint8Array, arrival: Arrival, decoded: Decoded): void {
  const whole = parseWhole(part);
  if (whole.kind === 'fault') reject(decoded, whole.reason, whole.detail, part);
  else if (Array.isArray(whole.value))
    for (const value of whole.value) take(value, arrival, decoded, part);
  else take(whole.value, arrival, decoded, part);
}

/** `raw`: the bytes of this value alone, or how to get them when it is refused. */
function take(
  value: unknown,
  arrival: Arrival,
  decoded: Decoded,
  raw: Uint8Array | (() => Uint8Array),
): void {
  try {
    if (isNative(value)) accept(decoded, normaliseEvent(value, arrival));
    else takeOther(value, arrival, decoded);
  } catch (error) {
    if (!(error instanceof EventFault)) throw error;
    reject(decoded, error.reason, error.message, typeof raw === 'function' ? raw() : raw);
  }
}

/** What nearly every event is: told by the two fields that no other form has both of, but CloudEvents. */
function isNative(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    value.source !== undefined &&
    value.type !== undefined &&
    value.specversion === undefined
  );
}

/** The forms of other products, looked at only when they nest no deeper than an event may. */
function takeOther(value: unknown, arrival: Arrival, decoded: Decoded): void {
  if (nestsDeeper(value, EVENT_DEPTH_MAX))
    throw new EventFault('too_deep', `nested deeper than ${EVENT_DEPTH_MAX} levels`);
  if (!isObject(value)) throw new EventFault('not_an_object', 'an event is a JSON object');
  if (isLogsSubscription(value)) {
    for (const line of fromLogsSubscription(value, arrival))
      if (line.kind === 'ok') accept(decoded, line.accepted);
      else reject(decoded, line.fault.reason, line.fault.message, rawOf(line.raw));
  } else if (isCloudEvent(value)) accept(decoded, fromCloudEvent(value, arrival));
  else if (isEventBridgeEnvelope(value)) accept(decoded, fromEventBridge(value, arrival));
  else if (isCloudTrailRecord(value)) accept(decoded, fromCloudTrail(value, arrival));
  else if (isCloudTrailLog(value))
    for (const one of value.Records) take(one, arrival, decoded, () => rawOf(one));
  else accept(decoded, normaliseEvent(value, arrival));
}

function accept(decoded: Decoded, { event, at, stated_at }: Accepted): void {
  const index = decoded.events.length + decoded.rejects.length;
  decoded.events.push({ event, at, stated_at, index });
}

function reject(decoded: Decoded, reason: string, detail: string, raw: Uint8Array): void {
  const index = decoded.events.length + decoded.rejects.length;
  decoded.rejects.push({ index, reason, detail, raw });
}

function rawOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value) ?? 'null');
}

/** Events lie one level down in an array. */
function isArray(text: Uint8Array): boolean {
  let at = 0;
  while (text[at] === 0x20 || text[at] === 0x0a || text[at] === 0x0d || text[at] === 0x09) at++;
  return text[at] === 0x5b;
}

function withoutBom(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
