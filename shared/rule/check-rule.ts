import { checkDetector } from '#shared/detection/registry.ts';
import { checkEventPath } from '#shared/event/check-path.ts';
import { checkEventPattern } from '#shared/event/check-pattern.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { linkFault } from './render-link.ts';
import { findExcess, RULE_BYTES_MAX, TOO_LARGE } from './rule-bounds.ts';
import { DetectionRule } from './schema.ts';
import { splitTitle } from './title-template.ts';

/** Wrong places told at once. */
const ISSUES_MAX = 20;

/** Paths of the API beside `/{rule_id}`: a rule of that name could not be asked for. */
const RESERVED_IDS: ReadonlySet<string> = new Set([
  'export',
  'import',
  'test',
  'schema',
  'backtest',
]);

/**
 * Reads a rule and says everything that is wrong with it: shape, pattern, field paths, title. Returns
 * the rule with defaults filled in. Throws `invalid_input` with one issue per wrong place.
 */
export function checkRule(input: unknown): DetectionRule {
  const excess = findExcess(input);
  if (excess !== undefined) throw refusal([excess]);
  const parsed = DetectionRule.safeParse(input);
  const issues: InputIssue[] = parsed.success
    ? findIssues(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path: dotted(path), message }));
  if (!parsed.success || issues.length > 0) throw refusal(issues);
  return parsed.data;
}

function refusal(issues: readonly InputIssue[]): SentryError {
  const [first] = issues;
  return new SentryError(
    'invalid_input',
    `The rule is not valid: ${first!.path}: ${first!.message}`,
    { issues: issues.slice(0, ISSUES_MAX) },
  );
}

function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

/** What a rule of the right shape may still have wrong. */
function findIssues(rule: DetectionRule): InputIssue[] {
  const issues = checkEventPattern('pattern', rule.pattern);
  if (RESERVED_IDS.has(rule.rule_id))
    issues.push({ path: 'rule_id', message: `"${rule.rule_id}" is a path of the API` });
  issues.push(...checkDetector(rule.detector));
  for (const [index, path] of rule.group_by.entries())
    issues.push(...checkEventPath(`group_by[${index}]`, path));
  const { parts, fault } = splitTitle(rule.title);
  if (fault !== undefined) issues.push({ path: 'title', message: fault });
  for (const part of parts)
    if (part.kind === 'field') issues.push(...checkEventPath('title', part.path));
  if (rule.runbook_url !== undefined) issues.push(...linkIssues(rule.runbook_url));
  if (Buffer.byteLength(JSON.stringify(rule)) > RULE_BYTES_MAX)
    issues.push({ path: '', message: TOO_LARGE });
  return issues;
}

function linkIssues(template: string): InputIssue[] {
  const fault = linkFault(template);
  if (fault !== undefined) return [{ path: 'runbook_url', message: fault }];
  return splitTitle(template).parts.flatMap((part) =>
    part.kind === 'field' ? checkEventPath('runbook_url', part.path) : [],
  );
}
