import { ByteReader, ByteWriter } from '#shared/detection/byte-stream.ts';

/** What is known of one series: when it was last heard, and whether its silence was found already. */
export interface AbsenceState {
  /** Event time of the newest event, ms; absent before the first. */
  heard?: number;
  /** As of when the present silence was found, ms; absent while there is none. */
  silent?: number;
}

export const NEVER_HEARD: AbsenceState = {};

/** What the bytes begin with, so that those of another kind are told apart. */
const FORMAT = 0xab;

/** Layout: format, how many times are known, then each as a double. */
export function packState({ heard, silent }: AbsenceState): Uint8Array {
  const times = [heard, silent].filter((time) => time !== undefined);
  const out = new ByteWriter();
  out.byte(FORMAT);
  out.byte(times.length);
  for (const time of times) out.float(time);
  return out.end();
}

/** Throws `SyntaxError` on bytes that `packState` did not write. */
export function unpackState(bytes: Uint8Array): AbsenceState {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FORMAT) throw new SyntaxError('not the state of an absence detector');
  const times = Array.from({ length: reader.byte() }, () => reader.float());
  reader.end();
  if (times.length > 2 || !times.every(Number.isSafeInteger))
    throw new SyntaxError('not the state of an absence detector');
  const [heard, silent] = times;
  return {
    ...(heard !== undefined && { heard }),
    ...(silent !== undefined && { silent }),
  };
}
