import { documentAccess } from './document-access.ts';
import { ESCALATION_ACCESS } from './escalation-access.ts';
import type { RouteAccess } from './route-access.ts';

/** Rows of the route table: who is told, when and how. */
export const RESPONSE_ACCESS = [
  ...ESCALATION_ACCESS,
  ...documentAccess('schedules', {
    path: '/v1/schedules',
    id: 'schedule_id',
    one: 'on-call schedule',
  }),
  {
    operation: 'schedules.on-call',
    method: 'GET',
    path: '/v1/schedules/{schedule_id}/on-call',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Who is on call, now or at an instant, and how they are told.',
  },
  {
    operation: 'schedules.shifts',
    method: 'GET',
    path: '/v1/schedules/{schedule_id}/shifts',
    access: 'sentry.policy.read',
    live: true,
    summary: 'Who is on call from when to when.',
  },
  {
    operation: 'schedules.gaps',
    method: 'GET',
    path: '/v1/schedules/{schedule_id}/gaps',
    access: 'sentry.policy.read',
    live: true,
    summary: 'When nobody is on call, for the next 60 days.',
  },
  {
    operation: 'schedules.calendar',
    method: 'GET',
    path: '/v1/schedules/{schedule_id}/calendar.ics',
    access: 'sentry.policy.read',
    live: false,
    summary: 'The shifts as iCalendar, of everybody or of one person.',
  },
] as const satisfies readonly RouteAccess[];
