import { documentAccess } from './document-access.ts';
import type { RouteAccess } from './route-access.ts';

/** Rows of the route table: escalation policies. */
export const ESCALATION_ACCESS = [
  {
    operation: 'escalations.export',
    method: 'GET',
    path: '/v1/escalations/export',
    access: 'sentry.policy.read',
    live: true,
    summary: 'The escalation policies in force as one document, by id.',
  },
  {
    operation: 'escalations.import',
    method: 'POST',
    path: '/v1/escalations/import',
    access: 'sentry.policy.write',
    live: true,
    summary:
      'Makes the policies of a document the newest; all are checked before the first is saved.',
  },
  {
    operation: 'escalations.simulate',
    method: 'POST',
    path: '/v1/escalations/simulate',
    access: 'sentry.policy.read',
    live: true,
    summary: 'This alert at that instant: who would be told, when, by what, if nobody answered.',
  },
  ...documentAccess('escalations', {
    path: '/v1/escalations',
    id: 'policy_id',
    one: 'escalation policy',
  }),
] as const satisfies readonly RouteAccess[];
