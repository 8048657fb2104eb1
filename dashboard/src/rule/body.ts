import type { ListedRule } from '#shared/rule/schema.ts';

import { writeJson } from './write-json.ts';

/** What an author wrote of a rule, in the order of rule files; the rest is the server's. */
export function bodyOf(rule: ListedRule) {
  const {
    rule_id,
    name,
    description,
    state,
    severity,
    category,
    pattern,
    detector,
    group_by,
    title,
    runbook_url,
    labels,
    reopen_window_seconds,
    tests,
  } = rule;
  return {
    rule_id,
    name,
    description,
    state,
    severity,
    ...(category !== undefined && { category }),
    pattern,
    detector,
    group_by,
    title,
    ...(runbook_url !== undefined && { runbook_url }),
    ...(labels !== undefined && { labels }),
    reopen_window_seconds,
    tests,
  };
}

/** What an author writes of a rule. */
export type RuleBody = ReturnType<typeof bodyOf>;

/** The text of a rule in the editor. */
export function writeRule(body: object): string {
  return `${writeJson(body)}\n`;
}

/** The text with its JSON indented; undefined when it is none. */
export function formatRule(text: string): string | undefined {
  const body = readRule(text);
  return body === undefined ? undefined : writeRule(body);
}

/** The rule a text holds; undefined when it is not an object in JSON. */
export function readRule(text: string): RuleBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as RuleBody) : undefined;
  } catch {
    return undefined;
  }
}
