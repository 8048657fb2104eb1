/**
 * Compares Kinesis sequence numbers: decimal digits, as numbers, of any length. Negative when `a` is
 * lower. Throws RangeError on what is plainly no number, so that a wrong fence is never written.
 */
export function compareSequence(a: string, b: string): number {
  const left = isPlain(a) ? a : digitsOf(a);
  const right = isPlain(b) ? b : digitsOf(b);
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Told by its ends, since every record of a batch is compared several times. */
function isPlain(sequence: string): boolean {
  const first = sequence.charCodeAt(0);
  const last = sequence.charCodeAt(sequence.length - 1);
  return first > 0x30 && first <= 0x39 && last >= 0x30 && last <= 0x39;
}

function digitsOf(sequence: string): string {
  if (!/^[0-9]+$/.test(sequence))
    throw new RangeError(`"${sequence.slice(0, 64)}" is not a sequence number`);
  return sequence.replace(/^0+(?=[0-9])/, '');
}
