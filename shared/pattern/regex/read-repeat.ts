import { REGEX_COUNT_MAX } from './limit.ts';
import type { Node } from './node.ts';
import type { Reader } from './reader.ts';

/** What stands behind a part: the part repeated, or as it is. Throws the refusal. */
export function readRepeat(reader: Reader, part: Node): Node {
  const counts = readCounts(reader);
  if (counts === undefined) return part;
  // Lazy: the same texts match.
  reader.skip('?');
  if (reader.peek() === '+')
    reader.refuse('possessive repetition is not known, nor needed; leave out the second +');
  const again = reader.peek();
  if (again === '*' || again === '?' || (again === '{' && readCounts(reader) !== undefined))
    reader.refuse('a repetition is repeated; put the inner one into a group: (?:…)');
  const [min, max] = counts;
  return { kind: 'repeat', part, min, max };
}

function readCounts(reader: Reader): [min: number, max: number] | undefined {
  if (reader.skip('*')) return [0, Infinity];
  if (reader.skip('+')) return [1, Infinity];
  if (reader.skip('?')) return [0, 1];
  const count = reader.takeCount();
  if (count === undefined) return undefined;
  const [least, comma, most] = count;
  if (least === '') reader.refuse(`a count needs its first number; write {0,${most}}`);
  const min = Number(least);
  const max = comma === '' ? min : most === '' ? Infinity : Number(most);
  if (min > max) reader.refuse(`{${min},${max}} ends before it begins`);
  if (min > REGEX_COUNT_MAX || (max !== Infinity && max > REGEX_COUNT_MAX))
    reader.refuse(`counts {${least}${comma}${most}} times; at most ${REGEX_COUNT_MAX}`);
  return [min, max];
}
