import { SentryError } from '#shared/kernel/error.ts';

import type { DetectionRule } from './schema.ts';

type RuleState = DetectionRule['state'];

/**
 * THE table: what a rule of each state may become. DRAFT is worked on, STAGED evaluates without telling
 * anybody, ENABLED evaluates and tells, DISABLED was live and rests, ARCHIVED is put away and comes
 * back only as a draft. A live rule becomes a draft by way of DISABLED, so that nobody stops detection
 * by editing.
 */
const MAY_BECOME: Readonly<Record<RuleState, readonly RuleState[]>> = {
  DRAFT: ['DRAFT', 'STAGED', 'ENABLED', 'ARCHIVED'],
  STAGED: ['STAGED', 'DRAFT', 'ENABLED', 'DISABLED', 'ARCHIVED'],
  ENABLED: ['ENABLED', 'STAGED', 'DISABLED', 'ARCHIVED'],
  DISABLED: ['DISABLED', 'DRAFT', 'STAGED', 'ENABLED', 'ARCHIVED'],
  ARCHIVED: ['ARCHIVED', 'DRAFT'],
};

/** Throws `invalid_input` unless the rule may become that; a new rule begins in any state. */
export function requireTransition(before: RuleState | undefined, after: RuleState): void {
  if (before === undefined || MAY_BECOME[before].includes(after)) return;
  const others = MAY_BECOME[before].filter((state) => state !== before);
  const message = `a rule that is ${before} can become ${others.join(', ')}, not ${after}`;
  throw new SentryError('invalid_input', `state: ${message}`, {
    issues: [{ path: 'state', message }],
  });
}
