import type { Lookup } from '#shared/lookup/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A lookup table of two users; fields given replace the built ones. */
export function buildLookup(fields: Partial<Lookup> = {}): Lookup {
  const keys = fields.keys ?? ['ada', 'grace'];
  return {
    name: 'vip-users',
    description: '',
    size: keys.length,
    version: 1,
    author: 'user:ruth',
    reason: '',
    created_at: BUILT_AT,
    updated_at: BUILT_AT,
    keys,
    ...fields,
  };
}
