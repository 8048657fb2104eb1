import { digestUuid } from '#shared/kernel/id.ts';
import { parseSeverity, type Severity } from '#shared/kernel/severity.ts';

import { formatInstant, parseCanonical, parseInstant } from './instant.ts';
import { nestsDeeper } from './json-depth.ts';
import { EVENT_CATEGORIES, EVENT_DEPTH_MAX, type EventRecord } from './schema.ts';

/** Where and when a record came in. */
export interface Arrival {
  tenant: string;
  arrived_at_ms: number;
}

/** A decoded event; `index` is its place among all events and rejects of the record, from 0. */
export type DecodedEvent = Accepted & { index: number };

/**
 * An accepted event. `at` is its `timestamp` in ms; `stated_at` its own time before clamping (arrival
 * when it states none), in ms.
 */
export interface Accepted {
  event: EventRecord;
  at: number;
  stated_at: number;
}

/** A fault in one event: a stable reason for counting and a sentence for people. */
export class EventFault extends Error {
  readonly reason: string;
  constructor(reason: string, detail: string) {
    super(detail);
    this.name = 'EventFault';
    this.reason = reason;
  }
}

const EARLIEST_MS = 24 * 3_600_000;
const LATEST_MS = 5 * 60_000;
const CATEGORIES: ReadonlySet<string> = new Set(EVENT_CATEGORIES);
const KNOWN = new Set([
  'event_id',
  'source',
  'type',
  'severity',
  'timestamp',
  'payload',
  'service',
  'category',
  'labels',
  'message_id',
  'original_severity',
  'schema_version',
  'clock_skewed',
]);

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Makes an EventRecord of a native event. Missing severity is INFO, a missing or unreadable time is the
 * arrival, a time outside arrival −24 h…+5 min is clamped and flagged, a missing id is derived from the
 * content. What it keeps nests no deeper than 32 levels, the event's own counted. Hand-checked for
 * speed; a property test holds it against the zod schema. Throws EventFault.
 */
export function normaliseEvent(raw: unknown, arrival: Arrival): Accepted {
  if (!isObject(raw)) throw new EventFault('not_an_object', 'an event is a JSON object');
  refuseForbidden(raw);
  // Read plainly: no name of a field is one of Object.prototype.
  const source = text(raw.source, 'source', 256);
  const type = text(raw.type, 'type', 256);
  const severity = severityOf(raw.severity);
  const time = timeOf(raw.timestamp, arrival.arrived_at_ms);
  const event: EventRecord = {
    event_id:
      optionalText(raw.event_id, 'event_id', 128) ??
      digestUuid(arrival.tenant, source, JSON.stringify(bounded(raw, EVENT_DEPTH_MAX))),
    source,
    type,
    severity,
    timestamp: time.text,
    payload: bounded(payloadOf(raw), EVENT_DEPTH_MAX - 1),
  };
  const service = optionalText(raw.service, 'service', 256);
  if (service !== undefined) event.service = service;
  if (raw.category !== undefined && raw.category !== null) {
    if (typeof raw.category !== 'string' || !CATEGORIES.has(raw.category))
      throw new EventFault(
        'bad_category',
        `category must be one of ${EVENT_CATEGORIES.join(', ')}`,
      );
    event.category = raw.category as EventRecord['category'];
  }
  const labels = labelsOf(raw.labels);
  if (labels) event.labels = labels;
  const messageId = optionalText(raw.message_id, 'message_id', 256);
  if (messageId !== undefined) event.message_id = messageId;
  const originalSeverity =
    optionalText(raw.original_severity, 'original_severity', 64) ??
    otherWord(raw.severity, severity);
  if (originalSeverity !== undefined) event.original_severity = originalSeverity;
  const schemaVersion = optionalText(raw.schema_version, 'schema_version', 32);
  if (schemaVersion !== undefined) event.schema_version = schemaVersion;
  if (time.skewed || raw.clock_skewed === true) event.clock_skewed = true;
  return { event, at: time.at, stated_at: time.stated };
}

/** The prototype's own answer is the ordinary one and the cheap one: only another is looked at closely. */
function refuseForbidden(raw: JsonObject): void {
  if (Object.hasOwn(raw, '__proto__')) throw forbidden('__proto__');
  if (raw.constructor !== Object && Object.hasOwn(raw, 'constructor'))
    throw forbidden('constructor');
  if (raw.prototype !== undefined && Object.hasOwn(raw, 'prototype')) throw forbidden('prototype');
}

function forbidden(key: string): EventFault {
  return new EventFault('forbidden_key', `the key "${key}" is not allowed at the top of an event`);
}

/** The value when it nests no deeper than `max`: what does could not be written out again. */
function bounded(value: unknown, max: number): unknown {
  if (nestsDeeper(value, max))
    throw new EventFault('too_deep', `nested deeper than ${EVENT_DEPTH_MAX} levels`);
  return value;
}

function text(value: unknown, key: string, max: number): string {
  const given = optionalText(value, key, max);
  if (given === undefined) throw new EventFault('missing_field', `"${key}" is missing`);
  return given;
}

function optionalText(value: unknown, key: string, max: number): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new EventFault('bad_field', `"${key}" must be a string`);
  if (value.length > max)
    throw new EventFault('bad_field', `"${key}" is longer than ${max} characters`);
  return value;
}

function severityOf(value: unknown): Severity {
  if (value === undefined || value === null || value === '') return 'INFO';
  const severity = isSeverity(value) ? value : parseSeverity(value);
  if (!severity)
    throw new EventFault(
      'bad_severity',
      'severity must be INFO, WARN, ERROR or CRITICAL, or a known alias of them',
    );
  return severity;
}

function isSeverity(value: unknown): value is Severity {
  return value === 'INFO' || value === 'WARN' || value === 'ERROR' || value === 'CRITICAL';
}

/** The producer's own word for the severity, when it is not ours. */
function otherWord(value: unknown, severity: Severity): string | undefined {
  return typeof value !== 'string' || value === '' || value === severity
    ? undefined
    : value.slice(0, 64);
}

interface EventTime {
  at: number;
  stated: number;
  skewed: boolean;
  /** `at` as RFC 3339. */
  text: string;
}

function timeOf(value: unknown, arrival: number): EventTime {
  const canonical = typeof value === 'string' ? parseCanonical(value) : undefined;
  if (
    canonical !== undefined &&
    canonical >= arrival - EARLIEST_MS &&
    canonical <= arrival + LATEST_MS
  )
    return { at: canonical, stated: canonical, skewed: false, text: value as string };
  const stated = parseInstant(value);
  if (stated === undefined) {
    // "None given" is ordinary; something unreadable is a clock problem worth showing.
    const given =
      value !== undefined &&
      value !== null &&
      value !== '' &&
      !(typeof value === 'string' && value.startsWith('0001-'));
    return { at: arrival, stated: arrival, skewed: given, text: formatInstant(arrival) };
  }
  const at = Math.min(Math.max(stated, arrival - EARLIEST_MS), arrival + LATEST_MS);
  return { at, stated, skewed: at !== stated, text: formatInstant(at) };
}

function payloadOf(raw: JsonObject): unknown {
  if (Object.hasOwn(raw, 'payload')) return raw.payload;
  const rest: JsonObject = {};
  for (const key of Object.keys(raw)) if (!KNOWN.has(key)) rest[key] = raw[key];
  return rest;
}

/** The labels as they came when all are strings, which they are but for a number now and then. */
function labelsOf(value: unknown): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new EventFault('bad_field', '"labels" must be an object of strings');
  let strings = true;
  for (const key in value) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      throw new EventFault('forbidden_key', `the label "${key}" is not allowed`);
    const entry = value[key];
    if (typeof entry === 'string') continue;
    strings = false;
    if (typeof entry === 'object' && entry !== null)
      throw new EventFault('bad_field', `label "${key}" must be a string`);
  }
  if (strings) return value as Record<string, string>;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry)]));
}
