import { ASSERT } from './node.ts';

/**
 * A choice of conjunctions of assertions: bit n is set when it is enough that all assertions of the
 * mask n hold. 0 is never; bit 0, the empty mask, always.
 */
export type Condition = number;

export const ALWAYS: Condition = 1;

/** What stands on one side of a place: a word character, another one, or the edge of the text. */
export type Neighbour = 'word' | 'other' | 'edge';

const MASKS = 16;

export function both(a: Condition, b: Condition): Condition {
  if (a === ALWAYS) return b;
  if (b === ALWAYS) return a;
  let product = 0;
  for (let m = 0; m < MASKS; m++)
    if ((a & (1 << m)) !== 0)
      for (let n = 0; n < MASKS; n++) if ((b & (1 << n)) !== 0) product |= 1 << (m | n);
  return product;
}

/** Whether the condition holds between these two; `isStart`: nothing at all stands before. */
export function holdsBetween(
  condition: Condition,
  before: Neighbour,
  after: Neighbour,
  isStart: boolean,
): boolean {
  if ((condition & ALWAYS) !== 0) return true;
  const isBoundary = (before === 'word') !== (after === 'word');
  const given =
    (isStart ? ASSERT.start : 0) |
    (after === 'edge' ? ASSERT.end : 0) |
    (isBoundary ? ASSERT.boundary : ASSERT.inside);
  for (let mask = 0; mask < MASKS; mask++)
    if ((condition & (1 << mask)) !== 0 && (mask & ~given) === 0) return true;
  return false;
}
