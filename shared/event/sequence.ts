/**
 * Compares Kinesis sequence numbers: decimal digits, as numbers, of any length. Negative when `a` is
 * lower. Throws RangeError on anything but digits, so that a wrong fence is never written.
 */
export function compareSequence(a: string, b: string): number {
  const left = digitsOf(a);
  const right = digitsOf(b);
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function digitsOf(sequence: string): string {
  if (!/^[0-9]+$/.test(sequence))
    throw new RangeError(`"${sequence.slice(0, 64)}" is not a sequence number`);
  return sequence.startsWith('0') ? sequence.replace(/^0+(?=[0-9])/, '') : sequence;
}
