import * as z from 'zod';

import { Explained } from '#shared/explain/schema.ts';

import { none } from './field.ts';

const instant = z.iso.datetime({ offset: true });

/** The schemas of the operations that say why. */
export const EXPLAIN_ROUTE_SCHEMAS = {
  'explain.get': {
    params: none,
    query: {
      /** Either of the two: an alert's id, */
      alert: z.string().min(1).max(128).optional(),
      /** or an event's. */
      event: z.string().min(1).max(256).optional(),
      /** When the event arrived, within an hour; now unless told. */
      at: instant.optional(),
    },
    body: none,
    result: Explained,
  },
  'explain.foresee': {
    params: none,
    query: none,
    body: {
      /** An event in any form that producers may send. */
      event: z.record(z.string(), z.unknown()),
      /** When it would arrive; now unless told. */
      at: instant.optional(),
    },
    result: Explained,
  },
} as const;
