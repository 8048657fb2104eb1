import type { InputIssue } from '#shared/kernel/error.ts';

/** Notes why a pattern is refused, and goes on reading so that all faults are told at once. */
export type Refuse = (path: string, message: string) => undefined;

export function refuseInto(issues: InputIssue[]): Refuse {
  return (path, message) => void issues.push({ path, message });
}

/** The single own key of an operator object. */
export function onlyKey(entry: object, at: string, refuse: Refuse): string | undefined {
  const keys = Object.keys(entry);
  if (keys.length === 0) return refuse(at, 'an operator is missing in {}');
  if (keys.length > 1)
    return refuse(at, `only one operator is allowed in one object, not ${keys.length}`);
  return keys[0];
}
