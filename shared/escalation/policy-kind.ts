import { Alert } from '#shared/alert/schema.ts';
import { checkDocument } from '#shared/document/check-document.ts';
import type { DocumentKind } from '#shared/document/kind.ts';
import type { InputIssue } from '#shared/kernel/error.ts';
import { validatePattern } from '#shared/pattern/validate.ts';

import { EscalationPolicy } from './schema.ts';

/** Words that stand in the place of an id in the paths of the API. */
const TAKEN_IDS: ReadonlySet<string> = new Set(['export', 'import', 'simulate']);

/** Escalation policies as documents. Whether what they name exists is `savePolicy`'s to check. */
export const POLICY_KIND: DocumentKind<EscalationPolicy> = {
  noun: 'escalation',
  idOf: ({ policy_id }) => policy_id,
  check: (input) => checkDocument('escalation policy', EscalationPolicy, findIssues, input),
};

/** What a policy of the right shape may still have wrong. */
function findIssues({ policy_id, match, steps }: EscalationPolicy): InputIssue[] {
  const issues: InputIssue[] = [];
  const say = (path: string, message: string) => issues.push({ path, message });
  if (TAKEN_IDS.has(policy_id)) say('policy_id', 'is a word of the API');
  if (Object.keys(match).length > 0)
    for (const { path, message } of validatePattern(match))
      say(path === '' ? 'match' : `match.${path}`, message);
  for (const field of fieldsOf(match))
    if (!Object.hasOwn(Alert.shape, field)) say(`match.${field}`, 'is not a field of an alert');
  for (const [at, { targets }] of steps.entries()) {
    const distinct = new Set(targets.map(({ destination }) => destination));
    if (distinct.size < targets.length) say(`steps.${at}.targets`, 'names a destination twice');
  }
  return issues;
}

/** The fields of the alert that a pattern looks at, those inside `$or` included. */
function fieldsOf(match: Record<string, unknown>): string[] {
  return Object.entries(match).flatMap(([name, value]) => {
    if (name !== '$or' || !Array.isArray(value)) return [name];
    return value.flatMap((part: unknown) =>
      typeof part === 'object' && part !== null ? fieldsOf(part as Record<string, unknown>) : [],
    );
  });
}
