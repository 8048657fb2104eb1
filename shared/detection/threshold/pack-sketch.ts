import type { ByteReader, ByteWriter } from '#shared/detection/byte-stream.ts';

import type { SketchSlot, SketchState } from './state.ts';

/** Buckets of either sign as varints: 0, −1, 1, −2 … become 0, 1, 2, 3 … */
function zigzag(bucket: number): number {
  return bucket < 0 ? -2 * bucket - 1 : 2 * bucket;
}

/** Slots per window, newest time, then per slot its place, counts, first bucket and steps to the next. */
export function packSketch(out: ByteWriter, state: SketchState): void {
  const first = state.slots[0]?.at ?? 0;
  out.varint(state.per_window);
  out.float(state.newest);
  out.float(first);
  out.varint(state.slots.length);
  for (const slot of state.slots) {
    out.varint(slot.at - first);
    out.varint(slot.count);
    out.varint(slot.counted);
    out.varint(slot.buckets.length);
    let former = slot.buckets[0]?.[0] ?? 0;
    out.varint(zigzag(former));
    for (const [bucket, count] of slot.buckets) {
      out.varint(bucket - former);
      out.varint(count);
      former = bucket;
    }
  }
}

/** Throws SyntaxError on bytes cut short. */
export function unpackSketch(reader: ByteReader, late: number, skipped: number): SketchState {
  const per_window = reader.varint();
  const newest = reader.float();
  const first = reader.float();
  const slots: SketchSlot[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const at = first + reader.varint();
    const count = reader.varint();
    const counted = reader.varint();
    const buckets: [number, number][] = [];
    let more = reader.varint();
    const folded = reader.varint();
    for (let bucket = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2; more > 0; more--) {
      bucket += reader.varint();
      buckets.push([bucket, reader.varint()]);
    }
    slots.push({ at, count, counted, buckets });
  }
  return { kind: 'sketch', per_window, slots, newest, late, skipped };
}
