import { ANYTHING_BUT_CASES } from './anything-but.ts';
import { ARRAYS_CASES } from './array.ts';
import { CIDR_CASES } from './cidr.ts';
import { EXACT_CASES } from './exact.ts';
import { EXISTS_CASES } from './exists.ts';
import { KEYS_CASES } from './key.ts';
import { NUMERIC_CASES } from './numeric.ts';
import { OR_CASES } from './or.ts';
import { TEXT_CASES } from './text.ts';
import { WILDCARD_CASES } from './wildcard.ts';

/** What matches and what does not; every row is one test. */
export const MATCH_CASES = [
  ...EXACT_CASES,
  ...TEXT_CASES,
  ...WILDCARD_CASES,
  ...ANYTHING_BUT_CASES,
  ...NUMERIC_CASES,
  ...EXISTS_CASES,
  ...CIDR_CASES,
  ...OR_CASES,
  ...ARRAYS_CASES,
  ...KEYS_CASES,
];
