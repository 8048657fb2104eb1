import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** 2^14 registers: the estimate is off by 0.8 % (one standard deviation), however many series there are. */
const INDEX_BITS = 14;
const REGISTERS = 1 << INDEX_BITS;
/** Bits of the hash beyond the index; a register holds at most one more. */
const REST_BITS = 64 - INDEX_BITS;

/** How many different series there are, without knowing which: HyperLogLog (Flajolet and others, 2007). */
export type Sketch = Uint8Array;

export function emptySketch(): Sketch {
  return new Uint8Array(REGISTERS);
}

/** Counts a series into the sketch; false when that changed nothing, as it never does the second time. */
export function addSeries(sketch: Sketch, ruleId: string, seriesKey: string): boolean {
  const digest = hash('sha256', `${ruleId} ${seriesKey}`, 'buffer');
  const high = digest.readUInt32BE(0);
  const low = digest.readUInt32BE(4);
  const index = high >>> (32 - INDEX_BITS);
  const rest = high & ((1 << (32 - INDEX_BITS)) - 1);
  const zeros =
    rest > 0 ? Math.clz32(rest) - INDEX_BITS : 32 - INDEX_BITS + (low > 0 ? Math.clz32(low) : 32);
  if (sketch[index]! > zeros) return false;
  sketch[index] = zeros + 1;
  return true;
}

/** Counts everything of `other` into the sketch. */
export function mergeSketch(sketch: Sketch, other: Sketch): void {
  for (let at = 0; at < REGISTERS; at++) if (other[at]! > sketch[at]!) sketch[at] = other[at]!;
}

/** How many different series were counted into any of the sketches (Ertl, 2017: improved raw estimator). */
export function estimateSeries(sketches: readonly Sketch[]): number {
  const union = emptySketch();
  for (const sketch of sketches) mergeSketch(union, sketch);
  const counts = Array.from({ length: REST_BITS + 2 }, () => 0);
  for (const register of union) counts[register]!++;
  let sum = REGISTERS * tau(1 - counts[REST_BITS + 1]! / REGISTERS);
  for (let value = REST_BITS; value >= 1; value--) sum = 0.5 * (sum + counts[value]!);
  sum += REGISTERS * sigma(counts[0]! / REGISTERS);
  return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * sum));
}

/** A sketch of few series is a few bytes, a full one about 7 KB. */
export function packSketch(sketch: Sketch): Uint8Array {
  return deflateRawSync(sketch);
}

/** Throws `SyntaxError` on bytes that `packSketch` did not write. */
export function unpackSketch(bytes: Uint8Array): Sketch {
  const sketch = new Uint8Array(inflateRawSync(bytes, { maxOutputLength: REGISTERS }));
  if (sketch.length !== REGISTERS) throw new SyntaxError('not a sketch of series');
  return sketch;
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let power = share;
  let factor = 1;
  let sum = share;
  for (let former = NaN; sum !== former; factor *= 2) {
    power *= power;
    former = sum;
    sum += power * factor;
  }
  return sum;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let root = share;
  let factor = 1;
  let sum = 1 - share;
  for (let former = NaN; sum !== former;) {
    root = Math.sqrt(root);
    former = sum;
    factor *= 0.5;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
