import * as z from 'zod';

import { Lookup, LOOKUP_BYTES_MAX, LookupHead } from '#shared/lookup/schema.ts';

import { ifVersion, none, reason } from './field.ts';

const name = { name: z.string().min(1).max(64) };

/** The schemas of the operations on lookup tables. */
export const LOOKUP_ROUTE_SCHEMAS = {
  'lookups.list': {
    params: none,
    query: none,
    body: none,
    result: z.object({ items: z.array(LookupHead) }),
  },
  'lookups.get': { params: name, query: none, body: none, result: Lookup },
  'lookups.put': {
    params: name,
    query: {
      /** CSV: the column that has the keys; the first unless told. */
      column: z.string().max(256).optional(),
      description: LookupHead.shape.description.optional(),
      ...reason,
    },
    body: ifVersion,
    raw: true,
    body_bytes_max: LOOKUP_BYTES_MAX,
    accepts: {
      description:
        'The keys: a JSON array of strings and numbers, a JSON object whose names they are, or CSV with a row of names first.',
      types: ['application/json', 'text/csv'],
    },
    result: LookupHead,
  },
  'lookups.delete': {
    params: name,
    query: none,
    body: { ...ifVersion, ...reason },
    result: LookupHead,
  },
} as const;
