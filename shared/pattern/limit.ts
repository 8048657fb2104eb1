/** Longest pattern, in characters of its JSON. AWS: 2,048 by default, raised on request; ours is for detection rules, which are longer. */
export const PATTERN_CHARS_MAX = 16_384;
/** Deepest nesting of objects in a pattern, `$or` alternatives included. */
export const PATTERN_DEPTH_MAX = 32;
/** Most combinations the `$or`s of one pattern may multiply to (AWS: 1,000). */
export const OR_COMBINATIONS_MAX = 1_000;
/** Numeric bounds, inclusive (AWS: "Numeric matching"). */
export const NUMBER_BOUND = 5e9;
/** Deepest directly nested arrays (`[[[…]]]`) in an event; beyond it matching throws instead of guessing. */
export const EVENT_ARRAY_DEPTH_MAX = 256;
/** Most fields over all combinations of one pattern; bounds the memory one pattern can take. */
export const COMBINED_FIELDS_MAX = 20_000;
