import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { runRuleTests } from './run-rule-tests.ts';
import type { DetectionRule } from './schema.ts';

/**
 * What keeps a rule from evaluating in its state: each failing test of a STAGED or ENABLED rule, and
 * for ENABLED a missing set that fires or that stays quiet. Empty when nothing does. Never throws.
 */
export function testIssues(rule: DetectionRule): InputIssue[] {
  if (rule.state !== 'ENABLED' && rule.state !== 'STAGED') return [];
  const issues = runRuleTests(rule).flatMap((result, index) =>
    result.passed
      ? []
      : [
          {
            path: `tests[${index}]`,
            message: `"${result.name}" must be ${result.expected} but is ${result.actual}: ${result.detail}`,
          },
        ],
  );
  if (rule.state === 'STAGED') return issues;
  for (const expected of ['fires', 'quiet'] as const)
    if (!rule.tests.some(({ expect }) => expect === expected))
      issues.push({
        path: 'tests',
        message: `an enabled rule needs a test whose events are expected to be "${expected}"`,
      });
  return issues;
}

/**
 * Lets a rule evaluate when its tests say so, or when the author overrides them and says why. Returns
 * whether tests were overridden. Throws `invalid_input`.
 */
export function passTests(rule: DetectionRule, override: boolean): boolean {
  const issues = testIssues(rule);
  if (issues.length === 0) return false;
  if (override && rule.reason.trim() !== '') return true;
  if (override)
    throw new SentryError('invalid_input', 'Overriding the tests needs a reason.', {
      issues: [{ path: 'reason', message: 'say why the rule goes live without passing tests' }],
    });
  throw new SentryError(
    'invalid_input',
    `The rule does not pass its tests: ${issues[0]!.path}: ${issues[0]!.message}`,
    { issues },
  );
}
