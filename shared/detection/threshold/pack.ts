import { createHash } from 'node:crypto';

import { ByteReader, ByteWriter } from '#shared/detection/byte-stream.ts';

import { measureOf } from './aggregate.ts';
import type { ThresholdConfig } from './config.ts';
import { packSketch, unpackSketch } from './pack-sketch.ts';
import type { ExactState, Slot, SlotState, ThresholdState } from './state.ts';

const FORMAT = 1;
const MODES = { exact: 0, slots: 1, sketch: 2 } as const;

/**
 * Layout: format, mode, 16 bits naming what is aggregated over which window, then the mode's own
 * fields. The limit and the operator are not named: changing them keeps the state.
 */
export function packState(state: ThresholdState, config: ThresholdConfig): Uint8Array {
  const out = new ByteWriter();
  out.byte(FORMAT);
  out.byte(MODES[state.kind]);
  for (const byte of shapeOf(config)) out.byte(byte);
  out.varint(state.late);
  out.varint(state.skipped);
  if (state.kind === 'exact') packExact(out, state, config);
  else if (state.kind === 'slots') packSlots(out, state, config);
  else packSketch(out, state);
  return out.end();
}

/** Throws SyntaxError on bytes of another format, another aggregate or window, or cut short. */
export function unpackState(bytes: Uint8Array, config: ThresholdConfig): ThresholdState {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FORMAT) throw new SyntaxError('packed state has another format');
  const mode = reader.byte();
  if (mode > MODES.sketch) throw new SyntaxError('packed state has another mode');
  for (const byte of shapeOf(config))
    if (reader.byte() !== byte) throw new SyntaxError('packed state is of another aggregate');
  const late = reader.varint();
  const skipped = reader.varint();
  const state =
    mode === MODES.exact
      ? unpackExact(reader, config, late, skipped)
      : mode === MODES.slots
        ? unpackSlots(reader, config, late, skipped)
        : unpackSketch(reader, late, skipped);
  reader.end();
  return state;
}

/** Every fold of every series asks for it. */
const shapes = new WeakMap<ThresholdConfig, Uint8Array>();

function shapeOf(config: ThresholdConfig): Uint8Array {
  let shape = shapes.get(config);
  if (!shape) {
    const said = JSON.stringify([config.aggregate, config.field ?? null, config.window_seconds]);
    shape = createHash('sha256').update(said).digest().subarray(0, 2);
    shapes.set(config, shape);
  }
  return shape;
}

function packExact(out: ByteWriter, state: ExactState, config: ThresholdConfig): void {
  out.varint(state.times.length);
  let former = state.times[0] ?? 0;
  out.float(former);
  for (const [index, time] of state.times.entries()) {
    out.varint((time - former) * 2 + Number(state.counted[index]));
    former = time;
    packValue(out, config, state.values[index]!);
  }
}

function unpackExact(
  reader: ByteReader,
  config: ThresholdConfig,
  late: number,
  skipped: number,
): ExactState {
  const length = reader.varint();
  let time = reader.float();
  const times: number[] = [];
  const values: number[] = [];
  const counted: boolean[] = [];
  for (let index = 0; index < length; index++) {
    const step = reader.varint();
    time += Math.floor(step / 2);
    times.push(time);
    counted.push(step % 2 === 1);
    values.push(unpackValue(reader, config));
  }
  return { kind: 'exact', times, values, counted, late, skipped };
}

function packValue(out: ByteWriter, config: ThresholdConfig, value: number): void {
  const measure = measureOf(config);
  if (measure === 'distinct') out.varint(value);
  else if (measure !== 'count') out.float(value);
}

function unpackValue(reader: ByteReader, config: ThresholdConfig): number {
  const measure = measureOf(config);
  if (measure === 'distinct') return reader.varint();
  return measure === 'count' ? 0 : reader.float();
}

function isSummed(config: ThresholdConfig): boolean {
  return ['sum', 'avg'].includes(measureOf(config));
}

function packSlots(out: ByteWriter, state: SlotState, config: ThresholdConfig): void {
  const first = state.slots[0]?.at ?? 0;
  out.float(state.newest);
  out.float(first);
  out.varint(state.slots.length);
  for (const slot of state.slots) {
    out.varint(slot.at - first);
    out.varint(slot.count);
    out.varint(slot.counted);
    if (isSummed(config)) out.float(slot.sum);
  }
  out.varint(state.level);
  out.varint(state.pairs.length);
  for (const [hash, slot] of state.pairs) {
    out.varint(hash);
    out.varint(slot - first);
  }
}

function unpackSlots(
  reader: ByteReader,
  config: ThresholdConfig,
  late: number,
  skipped: number,
): SlotState {
  const newest = reader.float();
  const first = reader.float();
  const slots: Slot[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const at = first + reader.varint();
    const count = reader.varint();
    const counted = reader.varint();
    slots.push({ at, count, counted, sum: isSummed(config) ? reader.float() : 0 });
  }
  const level = reader.varint();
  const pairs: [number, number][] = [];
  for (let left = reader.varint(); left > 0; left--)
    pairs.push([reader.varint(), first + reader.varint()]);
  return { kind: 'slots', slots, pairs, level, newest, late, skipped };
}
