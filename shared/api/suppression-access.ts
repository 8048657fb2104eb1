import { documentAccess } from './document-access.ts';
import type { RouteAccess } from './route-access.ts';

/** Rows of the route table: what holds alerts back. */
export const SUPPRESSION_ACCESS = [
  ...documentAccess('silences', { path: '/v1/silences', id: 'silence_id', one: 'silence' }),
  {
    operation: 'silences.preview',
    method: 'POST',
    path: '/v1/silences/preview',
    access: 'sentry.policy.read',
    live: true,
    summary: 'What matchers would have muted in the last 30 days, and what now; CRITICAL apart.',
  },
  ...documentAccess('maintenance', {
    path: '/v1/maintenance',
    id: 'maintenance_id',
    one: 'maintenance window',
  }),
  {
    operation: 'maintenance.occurrences',
    method: 'GET',
    path: '/v1/maintenance/{maintenance_id}/occurrences',
    access: 'sentry.policy.read',
    live: true,
    summary: 'The windows that are not over, of the next 400 days.',
  },
  ...documentAccess('inhibitions', {
    path: '/v1/inhibitions',
    id: 'inhibition_id',
    one: 'rule of inhibition',
  }),
] as const satisfies readonly RouteAccess[];
