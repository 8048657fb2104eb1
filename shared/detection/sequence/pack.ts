import { createHash } from 'node:crypto';

import { ByteReader, ByteWriter } from '#shared/detection/byte-stream.ts';

import type { SequenceConfig } from './config.ts';
import { STEP_BITS } from './state.ts';
import type { Kept, SequenceState } from './state.ts';

const FORMAT = 0x51;
const COUNTED = 1 << STEP_BITS;
const SHAPE_BYTES = 4;

/** Names what the bits of an event mean and the window; `times`, names and grace may change over it. */
export function shapeOf({ steps, within_seconds }: SequenceConfig): Uint8Array {
  const shape = [steps.map(({ pattern, absent }) => [pattern, absent === true]), within_seconds];
  return createHash('sha256')
    .update(JSON.stringify(shape, keysSorted))
    .digest()
    .subarray(0, SHAPE_BYTES);
}

/** A store may give back a pattern's keys in another order. */
function keysSorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Layout: format, shape, counters, the two clocks, then per event the ms since the former and its bits. */
export function packSequence(state: SequenceState, shape: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.byte(FORMAT);
  for (const byte of shape) out.byte(byte);
  out.varint(state.late);
  out.varint(state.dropped);
  out.float(state.clock);
  out.float(state.newest);
  out.varint(state.events.length);
  let former = state.events[0]?.at ?? 0;
  out.float(former);
  for (const { at, mask, counted } of state.events) {
    out.varint(at - former);
    out.byte(counted ? mask | COUNTED : mask);
    former = at;
  }
  return out.end();
}

/** Throws SyntaxError on bytes of another format, of other steps or window, or cut short. */
export function unpackSequence(bytes: Uint8Array, shape: Uint8Array): SequenceState {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FORMAT) throw new SyntaxError('packed state has another format');
  for (const byte of shape)
    if (reader.byte() !== byte) throw new SyntaxError('packed state is of another sequence');
  const late = reader.varint();
  const dropped = reader.varint();
  const clock = reader.float();
  const newest = reader.float();
  const length = reader.varint();
  let at = reader.float();
  const events: Kept[] = [];
  for (let index = 0; index < length; index++) {
    at += reader.varint();
    const bits = reader.byte();
    events.push({ at, mask: bits & (COUNTED - 1), counted: (bits & COUNTED) !== 0 });
  }
  reader.end();
  return { events, clock, newest, late, dropped };
}
