import { SentryError } from '#shared/kernel/error.ts';

/** Every permission there is. A route or live method names exactly one, or `signed_in`. */
export const SCOPES = [
  'sentry.ingest',
  'sentry.read',
  'sentry.alert.read',
  'sentry.alert.write',
  'sentry.policy.read',
  'sentry.policy.write',
  'sentry.remediate',
  'sentry.approve',
  'sentry.audit.read',
  'sentry.compliance.read',
  'sentry.admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Cognito groups and what each may do. */
export const ROLES = {
  producer: ['sentry.ingest'],
  viewer: ['sentry.read', 'sentry.alert.read', 'sentry.policy.read'],
  responder: [
    'sentry.read',
    'sentry.alert.read',
    'sentry.alert.write',
    'sentry.policy.read',
    'sentry.remediate',
  ],
  'rule-author': ['sentry.read', 'sentry.alert.read', 'sentry.policy.read', 'sentry.policy.write'],
  approver: ['sentry.read', 'sentry.alert.read', 'sentry.policy.read', 'sentry.approve'],
  auditor: ['sentry.read', 'sentry.alert.read', 'sentry.audit.read', 'sentry.compliance.read'],
  admin: SCOPES,
} as const satisfies Record<string, readonly Scope[]>;
export type Role = keyof typeof ROLES;

/** The union of the scopes of the groups that are roles; unknown groups give nothing. */
export function scopesOf(groups: readonly string[]): ReadonlySet<Scope> {
  const scopes = new Set<Scope>();
  for (const group of groups)
    if (Object.hasOwn(ROLES, group)) for (const scope of ROLES[group as Role]) scopes.add(scope);
  return scopes;
}

/** Throws `forbidden`, naming the missing scope. */
export function requireScope(context: { scopes: ReadonlySet<Scope> }, scope: Scope): void {
  if (!context.scopes.has(scope))
    throw new SentryError(
      'forbidden',
      `This needs the scope ${scope}, which your roles do not give.`,
    );
}
