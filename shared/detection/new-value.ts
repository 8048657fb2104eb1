import { createHash } from 'node:crypto';

import * as z from 'zod';

import { checkEventPath } from '#shared/event/check-path.ts';
import { fieldReader } from '#shared/event/read-field.ts';
import { showValue } from '#shared/rule/show-value.ts';

import { ByteReader, ByteWriter } from './byte-stream.ts';
import type { Detector, DetectorKind, Point, Update } from './detector.ts';
import { spanWords } from './words.ts';

const DAY_MS = 86_400_000;
/** Most values remembered of one series, 8 bytes each. */
const VALUES_MAX = 500;
const VALUE_CHARS_MAX = 120;
const FORMAT = 0x4e;

export const NewValueConfig = z.object({
  kind: z.literal('new_value'),
  /** Dotted path of the value that may be new, e.g. `payload.country`. */
  field: z.string(),
  /** So long after the first event of a series, new values are told at INFO at most. */
  learning_seconds: z
    .number()
    .int()
    .min(0)
    .max(86_400 * 90)
    .default(86_400 * 7),
  /** A value not seen for so many days is new again. */
  remember_days: z.number().int().min(1).max(90).default(90),
});
export type NewValueConfig = z.infer<typeof NewValueConfig>;

interface NewValueState {
  /** Earliest event time, ms; undefined before the first event. */
  began: number | undefined;
  /** Newest event time, ms. */
  newest: number;
  /** The day each value was last seen (days since the epoch), by 48 bits of its sha-256. */
  seen: ReadonlyMap<number, number>;
  /** New values that were not told, because VALUES_MAX others are remembered. */
  untold: number;
}

const EMPTY: NewValueState = { began: undefined, newest: 0, seen: new Map(), untold: 0 };

/**
 * Finds a value that its series never held before: a user's first login from a country, a new admin.
 * The first value of a series is learnt and not told. What is found does not depend on the order of
 * arrival while a value's events come less than `remember_days` apart. A series with more than 500
 * values finds nothing more until it forgets some: where every value is new, none is news.
 */
export const newValueKind: DetectorKind<NewValueConfig, NewValueState> = {
  kind: 'new_value',
  version: 1,
  check: ({ field }) => checkEventPath('field', field),
  read: ({ field }) => fieldReader(field),
  idleSeconds: ({ remember_days }) => remember_days * 86_400,
  describe: ({ field, remember_days }) => `${field} never seen before in ${remember_days} d`,
  init: createNewValue,
};

function createNewValue(config: NewValueConfig): Detector<NewValueState> {
  const { field, learning_seconds, remember_days } = config;

  function update(state: NewValueState, point: Point): Update<NewValueState> {
    const { value } = point;
    if (value === undefined || value === null) return { state, skipped: `no value at ${field}` };
    if (typeof value === 'object') return { state, skipped: `${field} is not a single value` };
    const at = Math.round(point.at);
    if (!Number.isSafeInteger(at) || at < 0) return { state, skipped: 'no event time' };
    const newest = Math.max(state.newest, at);
    const began = Math.min(state.began ?? at, at);
    const hash = hashOf(value);
    const kept = remembered(state, newest);
    const known = kept.size;
    const isNew = !kept.has(hash);
    if (isNew && known >= VALUES_MAX)
      return {
        state: { began, newest, seen: kept, untold: state.untold + 1 },
        skipped: `${field} has more than ${VALUES_MAX} values`,
      };
    const next: NewValueState = { ...state, began, newest, seen: sawOn(kept, hash, dayOf(at)) };
    if (!isNew || known === 0) return { state: next };
    const shown = showValue(value, field, VALUE_CHARS_MAX);
    const since = new Date(began).toISOString();
    return {
      state: next,
      match: {
        occurrences: 1,
        since: at,
        warming: at < began + learning_seconds * 1000,
        explain: {
          detector: 'new_value',
          summary: `${field} is ${shown} for the first time since ${since}`,
          expected: `one of the values seen before (${known})`,
          observed: `${field} is ${shown}`,
          window_seconds: remember_days * 86_400,
          values: {
            [field]: shown,
            known_values: String(known),
            since,
            learning: spanWords(learning_seconds),
          },
        },
      },
    };
  }

  /** The values seen of late; days pass seldom, so mostly all of them. */
  function remembered({ seen, newest }: NewValueState, now: number): ReadonlyMap<number, number> {
    if (dayOf(newest) === dayOf(now)) return seen;
    return new Map([...seen].filter(([, day]) => day >= dayOf(now) - remember_days));
  }

  const shape = createHash('sha256').update(field).digest().subarray(0, 4);

  return {
    empty: () => EMPTY,
    update,
    pack: (state) => packValues(state, shape),
    unpack: (bytes) => unpackValues(bytes, shape),
  };
}

function sawOn(seen: ReadonlyMap<number, number>, hash: number, day: number) {
  return (seen.get(hash) ?? -1) >= day ? seen : new Map(seen).set(hash, day);
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** The same text as a number and as a string are two values. */
function hashOf(value: unknown): number {
  return createHash('sha256')
    .update(`${typeof value}:${String(value)}`)
    .digest()
    .readUIntBE(0, 6);
}

/** Sorted by hash, so that the same values give the same bytes. */
function packValues(state: NewValueState, shape: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.byte(FORMAT);
  for (const byte of shape) out.byte(byte);
  out.float(state.began ?? Number.NaN);
  out.float(state.newest);
  out.varint(state.untold);
  out.varint(state.seen.size);
  for (const [hash, day] of [...state.seen].sort(([a], [b]) => a - b)) {
    for (let scale = 2 ** 40; scale >= 1; scale /= 256) out.byte(Math.floor(hash / scale) % 256);
    out.byte(Math.floor(day / 256) % 256);
    out.byte(day % 256);
  }
  return out.end();
}

function unpackValues(bytes: Uint8Array, shape: Uint8Array): NewValueState {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FORMAT) throw new SyntaxError('packed state has another format');
  for (const byte of shape)
    if (reader.byte() !== byte) throw new SyntaxError('packed state is of another field');
  const began = reader.float();
  const newest = reader.float();
  const untold = reader.varint();
  const seen = new Map<number, number>();
  for (let left = reader.varint(); left > 0; left--) {
    let hash = 0;
    for (let digit = 0; digit < 6; digit++) hash = hash * 256 + reader.byte();
    seen.set(hash, reader.byte() * 256 + reader.byte());
  }
  reader.end();
  return { began: Number.isNaN(began) ? undefined : began, newest, seen, untold };
}
