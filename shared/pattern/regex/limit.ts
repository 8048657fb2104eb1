/** Longest regular expression, in UTF-16 units. */
export const REGEX_CHARS_MAX = 1_024;
/** Deepest nesting of groups. */
export const REGEX_DEPTH_MAX = 32;
/** Most a counted repetition may ask for (RE2: 1,000). */
export const REGEX_COUNT_MAX = 1_000;
/**
 * Most positions an expression has once its counted repetitions are written out. One step of a search is
 * work for each 32 of them, so this is what keeps a search of 64 KB below 5 ms: infra/bench/hostile.ts.
 */
export const REGEX_POSITIONS_MAX = 216;
/** Most positions of all expressions of one pattern together, which bounds what reading it costs. */
export const PATTERN_POSITIONS_MAX = 2_048;
/** Most words of 32 positions that one character of a text may make the search touch. Rules in use: 2 to 20. */
export const REGEX_STEPS_MAX = 20;
