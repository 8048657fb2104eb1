import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';

import { RuleBody } from './document-schema.ts';
import { listRuleVersions } from './list-rules.ts';

/** One place in which two versions differ; the side that has nothing there is absent. */
export interface RuleDifference {
  path: string;
  before?: unknown;
  after?: unknown;
}

/** What differs between two values, by path (`pattern.type[0]`), in the order of the fields. Pure. */
export function differences(before: unknown, after: unknown, at = ''): RuleDifference[] {
  if (before === after) return [];
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => {
      const path = Array.isArray(before) ? `${at}[${name}]` : at === '' ? name : `${at}.${name}`;
      return differences(own(before, name), own(after, name), path);
    });
  }
  return [
    { path: at, ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
  ];
}

/**
 * What changed in a rule from one version to another, stamps apart: from the one before the newest to
 * the newest unless told. Throws `not_found` for a version that never was, `forbidden`.
 */
export async function diffRule(
  store: RuleStore,
  context: Context,
  ruleId: string,
  asked: { from?: number | undefined; to?: number | undefined },
): Promise<{ rule_id: string; from: number; to: number; changes: RuleDifference[] }> {
  const versions = await listRuleVersions(store, context, ruleId);
  const to = asked.to ?? versions[0]!.version;
  const from = asked.from ?? Math.max(1, to - 1);
  const bodyOf = (wanted: number) => {
    const found = versions.find(({ version }) => version === wanted);
    if (found) return RuleBody.parse(found);
    throw new SentryError('not_found', `Rule "${ruleId}" has no version ${wanted}.`);
  };
  return { rule_id: ruleId, from, to, changes: differences(bodyOf(from), bodyOf(to)) };
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function own(branch: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(branch, name) ? branch[name] : undefined;
}
