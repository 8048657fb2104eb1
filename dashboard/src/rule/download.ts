import type { OperationResult } from '#shared/api/routes.ts';

/** Gives a document of rules to the browser as a file; with `ids` only those. */
export function downloadRules(
  document_: OperationResult<'rules.export'>,
  ids: readonly string[] | undefined,
): number {
  const rules = document_.rules.filter(({ rule_id }) => ids?.includes(rule_id) ?? true);
  const text = `${JSON.stringify({ ...document_, rules }, undefined, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = rules.length === 1 ? `${rules[0]!.rule_id}.json` : 'sentry-rules.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return rules.length;
}
