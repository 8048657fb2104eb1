import { documentAccess } from './document-access.ts';
import type { RouteAccess } from './route-access.ts';

/** Rows of the route table: monitored services, what they depend on, and how they fare. */
export const SERVICE_ACCESS = [
  {
    operation: 'health.map',
    method: 'GET',
    path: '/v1/health/map',
    access: 'sentry.read',
    live: true,
    summary: 'Every service with what it depends on and its active alerts.',
  },
  ...documentAccess('services', { path: '/v1/services', id: 'service', one: 'service' }),
] as const satisfies readonly RouteAccess[];
