import type { Access } from '#shared/api/route-access.ts';

export type Scope = Extract<Access, `sentry.${string}`>;

/** Which roles give a scope, for the tooltip of a control that is disabled without it. */
const GIVEN_BY: Readonly<Record<Scope, string>> = {
  'sentry.ingest': 'producer or admin',
  'sentry.read': 'viewer, responder, rule-author, approver, auditor or admin',
  'sentry.alert.read': 'viewer, responder, rule-author, approver, auditor or admin',
  'sentry.alert.write': 'responder or admin',
  'sentry.policy.read': 'viewer, responder, rule-author, approver or admin',
  'sentry.policy.write': 'rule-author or admin',
  'sentry.remediate': 'responder or admin',
  'sentry.approve': 'approver or admin',
  'sentry.audit.read': 'auditor or admin',
  'sentry.compliance.read': 'auditor or admin',
  'sentry.admin': 'admin',
};

/** Why a control is disabled: which role would give what it needs. */
export function missingWords(scope: Scope): string {
  return `Needs the role ${GIVEN_BY[scope]}`;
}
