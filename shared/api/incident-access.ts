import type { RouteAccess } from './route-access.ts';

const PATH = '/v1/incidents';
const ONE = `${PATH}/{incident_id}` as const;
const read = { access: 'sentry.alert.read', live: true } as const;
const write = { access: 'sentry.alert.write', live: true } as const;

/** Rows of the route table: incidents. */
export const INCIDENT_ACCESS = [
  {
    operation: 'incidents.list',
    method: 'GET',
    path: PATH,
    ...read,
    summary: 'Incidents, newest first, a page at a time.',
  },
  {
    operation: 'incidents.open',
    method: 'POST',
    path: PATH,
    ...write,
    summary: 'Makes an incident of alerts that are of none; a grave one escalates at once.',
  },
  {
    operation: 'incidents.timeline',
    method: 'GET',
    path: `${PATH}/timeline`,
    ...read,
    summary: 'The history of an alert, or of an incident with all its alerts, oldest first.',
  },
  {
    operation: 'incidents.recent',
    method: 'GET',
    path: `${PATH}/recent`,
    ...read,
    summary: 'What happened to the newest incidents, newest first.',
  },
  {
    operation: 'incidents.metrics',
    method: 'GET',
    path: `${PATH}/metrics`,
    ...read,
    summary: 'Time to acknowledge and to resolve, over the incidents of the last days.',
  },
  {
    operation: 'incidents.settings',
    method: 'GET',
    path: `${PATH}/settings`,
    access: 'sentry.policy.read',
    live: true,
    summary: 'How alerts become incidents.',
  },
  {
    operation: 'incidents.configure',
    method: 'PUT',
    path: `${PATH}/settings`,
    access: 'sentry.policy.write',
    live: true,
    summary: 'Changes how alerts become incidents.',
  },
  { operation: 'incidents.get', method: 'GET', path: ONE, ...read, summary: 'One incident.' },
  {
    operation: 'incidents.escalate',
    method: 'POST',
    path: `${ONE}/escalate`,
    ...write,
    summary: 'One level higher, with exactly one more alert; 409 when it is closed.',
  },
  {
    operation: 'incidents.assign',
    method: 'POST',
    path: `${ONE}/assign`,
    ...write,
    summary: 'Gives an incident to somebody, or to nobody.',
  },
  {
    operation: 'incidents.status',
    method: 'POST',
    path: `${ONE}/status`,
    ...write,
    summary: 'Moves an incident forward, or closes it; backward is 409 with the incident.',
  },
] as const satisfies readonly RouteAccess[];
