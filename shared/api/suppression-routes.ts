import * as z from 'zod';

import { Alert, ALERT_STATES } from '#shared/alert/schema.ts';
import { Inhibition } from '#shared/inhibition/schema.ts';
import { SEVERITIES } from '#shared/kernel/severity.ts';
import { MaintenanceWindow } from '#shared/maintenance/schema.ts';
import { Matchers, Silence } from '#shared/silence/schema.ts';

import { documentRoutes } from './document-routes.ts';
import { none, reason } from './field.ts';

/** What an author writes of a document: not who wrote it and when. */
function written<Shape extends z.ZodRawShape>(shape: Shape) {
  const { version: _v, author: _a, updated_at: _u, removed: _r, ...fields } = shape;
  return fields;
}

const silenceFields = written(Silence.shape);
const silenceRoutes = documentRoutes('silences', {
  document: Silence,
  fields: silenceFields,
  id: { silence_id: z.string().min(1).max(64) },
});

const Example = Alert.pick({
  alert_id: true,
  title: true,
  service: true,
  severity: true,
  state: true,
  created_at: true,
  count: true,
});

/** Alerts that matchers hold for; at most 100 examples each, newest first. */
const Muted = z.object({
  alerts: z.number().int(),
  /** Of these, those that people were told of. */
  told: z.number().int(),
  by_state: z.record(z.enum(ALERT_STATES), z.number().int()),
  by_severity: z.record(z.enum(SEVERITIES), z.number().int()),
  examples: z.array(Example),
  critical: z.object({ alerts: z.number().int(), examples: z.array(Example) }),
  /** There are more alerts than were read. */
  truncated: z.boolean(),
});

/** The schemas of the operations on what holds alerts back: silences, maintenance and inhibitions. */
export const SUPPRESSION_ROUTE_SCHEMAS = {
  ...silenceRoutes,
  'silences.create': {
    ...silenceRoutes['silences.create'],
    body: {
      ...silenceFields,
      /** A new one unless told. */
      silence_id: silenceFields.silence_id.optional(),
      /** Now unless told. */
      starts_at: silenceFields.starts_at.optional(),
      ...reason,
    },
  },
  'silences.preview': {
    params: none,
    query: none,
    body: { matchers: Matchers },
    result: z.object({ from: z.string(), to: z.string(), past: Muted, now: Muted }),
  },
  ...documentRoutes('maintenance', {
    document: MaintenanceWindow,
    fields: written(MaintenanceWindow.shape),
    id: { maintenance_id: z.string().min(1).max(64) },
  }),
  'maintenance.occurrences': {
    params: { maintenance_id: z.string().min(1).max(64) },
    query: { count: z.coerce.number().int().min(1).max(50).default(5) },
    body: none,
    result: z.object({ items: z.array(z.object({ from: z.string(), to: z.string() })) }),
  },
  ...documentRoutes('inhibitions', {
    document: Inhibition,
    fields: written(Inhibition.shape),
    id: { inhibition_id: z.string().min(1).max(64) },
  }),
} as const;
