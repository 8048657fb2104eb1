import { useEffect } from 'react';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

/** All rules in their current versions; read again whenever one changes. */
export function useRules() {
  const { call } = useApp();
  const rules = useResource('rules', () => call('rules.list', {}));
  useRuleChanges(undefined, rules.reload);
  return rules;
}

/** Calls back when a rule was changed, by anybody; with an id only of that one. */
export function useRuleChanges(ruleId: string | undefined, onChange: () => void): void {
  const { live } = useApp();
  useEffect(
    () =>
      live.subscribe(
        'rules',
        {},
        {
          snapshot: () => {},
          merge: (items) => {
            const isMeant = items.some(
              (item) => 'rule_id' in item && (ruleId === undefined || item.rule_id === ruleId),
            );
            if (isMeant) onChange();
            return isMeant;
          },
        },
      ),
    [live, ruleId, onChange],
  );
}
