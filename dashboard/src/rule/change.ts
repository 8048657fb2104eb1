import type { ListedRule } from '#shared/rule/schema.ts';

import { ApiError, reasonOf } from '#dashboard/api/problem.ts';

/** What came of an attempt to change a rule. */
export type ChangeOutcome =
  | { kind: 'done'; rule: ListedRule }
  | { kind: 'conflict'; current: ListedRule }
  | {
      kind: 'refused';
      message: string;
      issues: ApiError['issues'];
      /** Only its tests keep it from going live: whoever says why may override them. */
      isByTests: boolean;
    };

/** Runs a change and says what came of it. Never throws. */
export async function attempt(run: () => Promise<ListedRule>): Promise<ChangeOutcome> {
  try {
    return { kind: 'done', rule: await run() };
  } catch (error) {
    const { code, current, issues } = error instanceof ApiError ? error : NO_DETAILS;
    if ((code === 'precondition_failed' || code === 'conflict') && isRule(current))
      return { kind: 'conflict', current };
    const isByTests =
      code === 'invalid_input' &&
      issues.length > 0 &&
      issues.every(({ path }) => path === 'tests' || /^tests\[\d+\]$/.test(path));
    return { kind: 'refused', message: reasonOf(error), issues, isByTests };
  }
}

const NO_DETAILS = { code: 'internal', current: undefined, issues: [] as ApiError['issues'] };

function isRule(value: unknown): value is ListedRule {
  return typeof value === 'object' && value !== null && 'rule_id' in value && 'version' in value;
}
