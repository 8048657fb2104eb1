import * as z from 'zod';

import { LOOKUP_NAME } from '#shared/pattern/parse-lookup.ts';

/** Most keys of one table. */
export const LOOKUP_KEYS_MAX = 10_000;
/** Largest table as it is sent and as its keys are kept, in bytes. */
export const LOOKUP_BYTES_MAX = 1024 * 1024;
/** Longest key, in characters. */
export const KEY_CHARS_MAX = 1024;

/** What a lookup table is, apart from its keys. */
export const LookupHead = z.object({
  name: z.string().regex(LOOKUP_NAME),
  description: z.string().max(1024),
  /** How many keys it has. */
  size: z.number().int(),
  version: z.number().int(),
  author: z.string(),
  reason: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Set once it was taken away; it then has no keys, and a new one goes on from its version. */
  removed_at: z.string().optional(),
});
export type LookupHead = z.infer<typeof LookupHead>;

/**
 * A lookup table: keys that patterns ask for by the table's name. Keys are told apart character by
 * character, as everywhere in patterns: nothing is folded, trimmed or normalised.
 */
export const Lookup = z.object({
  ...LookupHead.shape,
  /** Sorted, none twice. */
  keys: z.array(z.string()),
});
export type Lookup = z.infer<typeof Lookup>;

/** A table without its keys. */
export function headOf({ keys: _keys, ...head }: Lookup): LookupHead {
  return head;
}
