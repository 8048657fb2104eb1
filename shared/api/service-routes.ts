import * as z from 'zod';

import { SEVERITIES } from '#shared/kernel/severity.ts';
import { Service, ServiceName } from '#shared/service/schema.ts';

import { documentRoutes } from './document-routes.ts';
import { none } from './field.ts';

const id = { service: ServiceName };
const { version: _v, author: _a, updated_at: _u, removed: _r, ...fields } = Service.shape;

/** A service of the map; the same as `ServiceHealth`. */
const MappedService = z.object({
  service: z.string(),
  description: z.string(),
  owner: z.string().optional(),
  depends_on: z.array(z.string()),
  /** False for one that only alerts or other services name. */
  described: z.boolean(),
  /** The gravest of its active alerts, null without any. */
  severity: z.enum(SEVERITIES).nullable(),
  open: z.number().int(),
  acknowledged: z.number().int(),
});

/** The schemas of the operations on monitored services. */
export const SERVICE_ROUTE_SCHEMAS = {
  ...documentRoutes('services', { document: Service, fields, id }),
  'health.map': {
    params: none,
    query: none,
    body: none,
    result: z.object({
      at: z.string(),
      services: z.array(MappedService),
      /** True when there are more active alerts than were counted. */
      truncated: z.boolean(),
    }),
  },
} as const;
