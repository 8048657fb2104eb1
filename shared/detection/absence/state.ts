/** What is known of one series: when it was last heard, and whether its silence was found already. */
export interface AbsenceState {
  /** Event time of the newest event, ms; absent before the first. */
  heard?: number;
  /** As of when the present silence was found, ms; absent while there is none. */
  silent?: number;
}

export const NEVER_HEARD: AbsenceState = {};

/** Nothing, one double or two, big-endian. */
export function packState({ heard, silent }: AbsenceState): Uint8Array {
  const numbers = [heard, silent].filter((number) => number !== undefined);
  const bytes = new DataView(new ArrayBuffer(8 * numbers.length));
  for (const [index, number] of numbers.entries()) bytes.setFloat64(8 * index, number);
  return new Uint8Array(bytes.buffer);
}

/** Throws `SyntaxError` on bytes that `packState` did not write. */
export function unpackState(bytes: Uint8Array): AbsenceState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) numbers.push(view.getFloat64(at));
  if (bytes.length % 8 !== 0 || numbers.length > 2 || !numbers.every(Number.isSafeInteger))
    throw new SyntaxError('not the state of an absence detector');
  const [heard, silent] = numbers;
  return {
    ...(heard !== undefined && { heard }),
    ...(silent !== undefined && { silent }),
  };
}
