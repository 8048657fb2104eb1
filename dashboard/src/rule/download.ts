import type { OperationResult } from '#shared/api/routes.ts';

import { saveFile } from '#dashboard/api/save-file.ts';

/** Gives a document of rules to the browser as a file; with `ids` only those. */
export function downloadRules(
  document: OperationResult<'rules.export'>,
  ids: readonly string[] | undefined,
): number {
  const rules = document.rules.filter(({ rule_id }) => ids?.includes(rule_id) ?? true);
  const name = rules.length === 1 ? rules[0]!.rule_id : 'sentry-rules';
  const text = `${JSON.stringify({ ...document, rules }, undefined, 2)}\n`;
  saveFile(`${name}.json`, 'application/json', text);
  return rules.length;
}
