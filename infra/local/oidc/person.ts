import type { Role } from '#shared/access/scope.ts';

/** Somebody who can sign in to a local instance with a click; there are no passwords. */
export interface Person {
  username: string;
  name: string;
  /** What the sign-in page says of the role. */
  about: string;
  /** Cognito groups: roles, and `tenant-<name>` for a tenant other than the default. */
  groups: readonly (Role | `tenant-${string}`)[];
}

export const PEOPLE: readonly Person[] = [
  { username: 'vera', name: 'Vera', about: 'Viewer: sees alerts and rules', groups: ['viewer'] },
  {
    username: 'rosa',
    name: 'Rosa',
    about: 'Responder: acknowledges and resolves alerts',
    groups: ['responder'],
  },
  {
    username: 'ruth',
    name: 'Ruth',
    about: 'Rule author: writes detection rules',
    groups: ['rule-author'],
  },
  {
    username: 'axel',
    name: 'Axel',
    about: 'Approver: decides on remediation plans',
    groups: ['approver'],
  },
  {
    username: 'aino',
    name: 'Aino',
    about: 'Auditor: reads the audit trail',
    groups: ['auditor'],
  },
  { username: 'ada', name: 'Ada', about: 'Administrator: may do everything', groups: ['admin'] },
  { username: 'pump', name: 'Pump', about: 'Producer: sends events', groups: ['producer'] },
  {
    username: 'tove',
    name: 'Tove',
    about: 'Responder of another tenant, “other”',
    groups: ['responder', 'tenant-other'],
  },
];

/** Undefined for a name nobody has. */
export function findPerson(username: unknown): Person | undefined {
  return PEOPLE.find((person) => person.username === username);
}
