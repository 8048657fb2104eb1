import { isRuleIndexed, measureCost } from '#shared/rule/measure-cost.ts';
import { bindLookups, lookupNames, type LookupTables } from '#shared/rule/bind-lookups.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { testIssues } from '#shared/rule/test-gate.ts';

import { checkWritten, placeIn, readRuleFile, ruleFiles } from './rule-file.ts';
import type { FileIssue } from './rule-file.ts';

interface Judged {
  rules: number;
  /** Labelled sets of events that were run; 0 in a lint. */
  tests: number;
  issues: FileIssue[];
  /** Rules that are right and dear: a line each, with what every event pays for it. */
  warnings: string[];
}

/**
 * Checks rule files without any instance: shape, pattern, misspelled fields and ids that stand twice.
 * With `runTests` every rule is also held to its tests as if it went live now. Without `tables` it takes
 * the lookup tables that rules name to be somewhere. Throws when a path does not exist.
 */
export function judgeRules(
  paths: readonly string[],
  runTests: boolean,
  tables?: LookupTables,
): Judged {
  const judged: Judged = { rules: 0, tests: 0, issues: [], warnings: [] };
  const places = new Map<string, string>();
  for (const file of ruleFiles(paths)) {
    const { rules, issues: fileIssues } = readRuleFile(file);
    judged.issues.push(...fileIssues);
    for (const written of rules) {
      judged.rules++;
      const { rule: asWritten, issues } = checkWritten(written);
      judged.issues.push(...issues);
      if (asWritten === undefined) continue;
      const rule = tables ? bindLookups(asWritten, tables) : asWritten;
      for (const name of lookupNames(rule))
        if (tables)
          judged.issues.push({
            file,
            path: placeIn(written.at, 'pattern'),
            message: missing(name, tables),
          });
        else
          judged.warnings.push(
            `${rule.rule_id} names the lookup table "${name}", which is not looked at: --lookups DIR`,
          );
      if (!isRuleIndexed(rule)) judged.warnings.push(priceOf(rule));
      const first = places.get(rule.rule_id);
      if (first !== undefined)
        judged.issues.push({
          file,
          path: placeIn(written.at, 'rule_id'),
          message: `"${rule.rule_id}" stands in ${first} too`,
        });
      else places.set(rule.rule_id, written.at === '' ? file : `${file} ${written.at}`);
      if (!runTests) continue;
      judged.tests += rule.tests.length;
      const state = rule.state === 'ARCHIVED' || rule.state === 'DISABLED' ? 'STAGED' : 'ENABLED';
      for (const { path, message } of testIssues({ ...rule, state }))
        judged.issues.push({ file, path: placeIn(written.at, path), message });
    }
  }
  return judged;
}

function missing(name: string, tables: LookupTables): string {
  const there = tables.size === 0 ? 'there is none' : `there is ${[...tables.keys()].join(', ')}`;
  return `there is no lookup table "${name}"; ${there}`;
}

function priceOf(rule: DetectionRule): string {
  const cost = measureCost(rule, () => performance.now() * 1e6);
  const price = cost === undefined ? 'its cost' : `${(cost.cost_ns / 1_000).toPrecision(2)} µs`;
  return `${rule.rule_id} is not indexed: every event pays ${price}; add a value, a prefix or a text that its events must have`;
}
