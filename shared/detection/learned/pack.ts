import { createHash } from 'node:crypto';

import { ByteReader, ByteWriter } from '#shared/detection/byte-stream.ts';

import type { LearnedConfig } from './config.ts';
import { emptyState, FIGURE_NAMES, type LearnedState } from './state.ts';

const FORMAT = 1;

/**
 * Layout: format, 16 bits naming the field, the figures, then knots, their experience and the tails as
 * runs of empty and full buckets. Doubles stay doubles. At most about 3.5 KB, with every bucket full.
 */
export function packState(state: LearnedState, config: LearnedConfig): Uint8Array {
  const out = new ByteWriter();
  out.byte(FORMAT);
  for (const byte of shapeOf(config)) out.byte(byte);
  for (const name of FIGURE_NAMES) out.float(state.figures[name]);
  for (const knot of state.knots) out.float(knot);
  for (const seen of state.seen) out.byte(seen);
  for (const weight of state.weights) out.varint(weight);
  for (const peak of state.peaks) out.float(peak);
  for (const held of state.held) out.float(held);
  packRuns(out, state.tails);
  return out.end();
}

/** Throws SyntaxError on bytes of another format, another field, or cut short. */
export function unpackState(bytes: Uint8Array, config: LearnedConfig): LearnedState {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FORMAT) throw new SyntaxError('packed state has another format');
  for (const byte of shapeOf(config))
    if (reader.byte() !== byte) throw new SyntaxError('packed state is of another field');
  const state = emptyState();
  for (const name of FIGURE_NAMES) state.figures[name] = reader.float();
  for (const index of state.knots.keys()) state.knots[index] = reader.float();
  for (const index of state.seen.keys()) state.seen[index] = reader.byte();
  for (const index of state.weights.keys()) state.weights[index] = reader.varint();
  for (const index of state.peaks.keys()) state.peaks[index] = reader.float();
  for (const index of state.held.keys()) state.held[index] = reader.float();
  unpackRuns(reader, state.tails);
  reader.end();
  return state;
}

/** A rule's settings are one object for as long as it stays compiled, and its series are many. */
const shapes = new WeakMap<LearnedConfig, Uint8Array>();

/** Threshold, direction and unit are not named: changing them keeps what was learned. */
function shapeOf(config: LearnedConfig): Uint8Array {
  let shape = shapes.get(config);
  if (shape === undefined) {
    const { field, counter } = config;
    const named = JSON.stringify([field, counter ?? null]);
    shape = createHash('sha256').update(named).digest().subarray(0, 2);
    shapes.set(config, shape);
  }
  return shape;
}

function packRuns(out: ByteWriter, counts: Uint16Array): void {
  let at = 0;
  while (at < counts.length) {
    let full = at;
    while (full < counts.length && counts[full] === 0) full++;
    let end = full;
    while (end < counts.length && counts[end] !== 0) end++;
    out.varint(full - at);
    out.varint(end - full);
    for (const count of counts.subarray(full, end)) out.varint(count);
    at = end;
  }
}

function unpackRuns(reader: ByteReader, counts: Uint16Array): void {
  let at = 0;
  while (at < counts.length) {
    at += reader.varint();
    const end = at + reader.varint();
    if (end > counts.length) throw new SyntaxError('packed state has too many buckets');
    for (; at < end; at++) counts[at] = reader.varint();
  }
}
