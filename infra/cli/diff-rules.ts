import { differences, type RuleDifference } from '#shared/rule/diff-rule.ts';
import { RuleBody } from '#shared/rule/document-schema.ts';
import type { RuleDocument } from '#shared/rule/document-schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';

import { type ApiTarget, callApi } from './local-api.ts';
import { checkWritten, readRuleFile, ruleFiles } from './rule-file.ts';

/** How a rule in files stands to the deployed one of its id. */
export interface RuleStanding {
  rule_id: string;
  kind: 'same' | 'changed' | 'new';
  /** `before` as deployed, `after` as in the file. */
  changes: RuleDifference[];
}

/** Compares rules with those deployed, whatever version, author or time they carry. */
export function compareRules(
  local: readonly DetectionRule[],
  deployed: RuleDocument['rules'],
): RuleStanding[] {
  const known = new Map(deployed.map((rule) => [rule.rule_id, rule]));
  return local.map((rule) => {
    const other = known.get(rule.rule_id);
    if (!other) return { rule_id: rule.rule_id, kind: 'new', changes: [] };
    const changes = differences(other, RuleBody.parse(rule));
    return { rule_id: rule.rule_id, kind: changes.length > 0 ? 'changed' : 'same', changes };
  });
}

/** Prints how the rules of files differ from what is deployed. False when one does. Throws for a file that is no rule. */
export async function diffRules(paths: readonly string[], target: ApiTarget): Promise<boolean> {
  const files = ruleFiles(paths).map(readRuleFile);
  const checked = files.flatMap(({ rules }) => rules.map(checkWritten));
  const issues = [...files, ...checked].flatMap((one) => one.issues);
  for (const { file, path, message } of issues) console.error(`${file}: ${path}: ${message}`);
  if (issues.length > 0) throw new Error('Nothing was compared.');
  const document = (await callApi(target, 'GET', '/v1/alerts/policies/export')) as RuleDocument;
  const standings = compareRules(
    checked.flatMap(({ rule }) => (rule ? [rule] : [])),
    document.rules,
  );
  for (const { rule_id, kind, changes } of standings) {
    if (kind !== 'same') console.log(`${kind.padEnd(7)} ${rule_id}`);
    for (const { path, before, after } of changes)
      console.log(`  ${path}: ${shown(before)} → ${shown(after)}`);
  }
  const different = standings.filter(({ kind }) => kind !== 'same').length;
  console.log(
    `${standings.length} rules: ${different === 0 ? 'as deployed' : `${different} differ`}`,
  );
  return different === 0;
}

function shown(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value).slice(0, 200);
}
