import { createHash } from 'node:crypto';

import { NO_SHIFT, type StatisticalState } from './state.ts';

const FORMAT = 1;
/** Format, then 7 bytes naming whose state it is. */
const HEADER_BYTES = 8;
const FRAME_NUMBERS = 13;

/** Names what a state is of; changing the threshold and the like keeps it. */
export function markOf(parts: readonly (string | number)[]): Uint8Array {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return Uint8Array.from([FORMAT, ...digest.subarray(0, HEADER_BYTES - 1)]);
}

/** Layout: the mark, how many numbers, then each as a double (little-endian, as every platform of Node is). */
export function packNumbers(mark: Uint8Array, numbers: readonly number[]): Uint8Array {
  const words = Float64Array.of(0, numbers.length, ...numbers);
  const bytes = new Uint8Array(words.buffer);
  bytes.set(mark);
  return bytes;
}

/** Throws SyntaxError on bytes of another mark, cut short, or holding what is no finite number. */
export function unpackNumbers(mark: Uint8Array, bytes: Uint8Array): number[] {
  if (bytes[0] !== FORMAT) throw new SyntaxError('packed state has another format');
  if (mark.some((byte, index) => bytes[index] !== byte))
    throw new SyntaxError('packed state is of other settings');
  if (bytes.length % 8 !== 0) throw new SyntaxError('packed state is cut short');
  // Copied, because stored bytes need not begin where a double may.
  const [count, ...numbers] = new Float64Array(new Uint8Array(bytes).buffer, HEADER_BYTES);
  if (count !== numbers.length) throw new SyntaxError('packed state is cut short or too long');
  if (!numbers.every(Number.isFinite)) throw new SyntaxError('packed state holds no number');
  return numbers;
}

/** What every method keeps, as numbers; the model's own follow. */
export function frameNumbers(state: StatisticalState<unknown>): number[] {
  const { finding, shift } = state;
  return [
    state.points,
    state.newest,
    state.late,
    state.skipped,
    finding === undefined ? 0 : 1,
    finding?.since ?? 0,
    finding?.last ?? 0,
    finding?.points ?? 0,
    finding?.peak_score ?? 0,
    finding?.quiet_points ?? 0,
    shift.points,
    shift.mean,
    shift.spread,
  ];
}

/** The frame and the numbers left for the model. Throws SyntaxError when there are too few. */
export function readFrame(numbers: readonly number[]): {
  frame: Omit<StatisticalState<unknown>, 'model'>;
  rest: number[];
} {
  if (numbers.length < FRAME_NUMBERS) throw new SyntaxError('packed state is cut short');
  const [points, newest, late, skipped, open, ...found] = numbers as [
    ...[number, number, number, number, number],
    ...number[],
  ];
  const [since, last, foundPoints, peak_score, quiet_points, shiftPoints, mean, spread] = found as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    frame: {
      points,
      newest,
      late,
      skipped,
      finding:
        open === 1 ? { since, last, points: foundPoints, peak_score, quiet_points } : undefined,
      shift: shiftPoints === 0 ? NO_SHIFT : { points: shiftPoints, mean, spread },
    },
    rest: numbers.slice(FRAME_NUMBERS),
  };
}
