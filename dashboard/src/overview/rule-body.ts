import type { ListedRule } from '#shared/rule/schema.ts';

/** What an author wrote of a rule; the rest is the server's. */
export function bodyOf(rule: ListedRule) {
  const {
    rule_id,
    name,
    description,
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
    severity,
    pattern,
    detector,
    group_by,
    title,
    reopen_window_seconds,
    tests,
    ...(category !== undefined && { category }),
    ...(runbook_url !== undefined && { runbook_url }),
    ...(labels !== undefined && { labels }),
  };
}
