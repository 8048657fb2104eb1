import { Link } from 'wouter';

import type { ListedRule } from '#shared/rule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { RuleStateBadge } from '#dashboard/rule/badge.tsx';
import { RuleSwitch } from '#dashboard/rule/switch.tsx';
import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';

import { OverviewPanel } from './panel.tsx';
import { useRefreshOnRules } from './use-refresh-on-rules.ts';
import { useOverviewView } from './view.ts';

const SHOWN = 12;

/** The rules that match most, and whether they are on. */
export function RulesPanel() {
  const { call } = useApp();
  const { focus } = useOverviewView();
  const rules = useResource('rules', () => call('rules.list', {}));
  useRefreshOnRules(rules.reload);
  const sorted = [...(rules.value?.items ?? [])]
    .filter(({ state }) => state !== 'ARCHIVED')
    .sort((a, b) => (b.matches_24h ?? 0) - (a.matches_24h ?? 0) || (a.name < b.name ? -1 : 1));
  const on = sorted.filter(({ state }) => state === 'ENABLED').length;
  const shown = focus === 'rules' ? sorted : sorted.slice(0, SHOWN);
  return (
    <OverviewPanel
      name="rules"
      title="Rules & policies"
      help={
        <p>
          Rules by how often events matched them in the last 24 hours. A rule that is off detects
          nothing; a staged one records its alerts and tells nobody. The name leads to the rule.
        </p>
      }
      note={
        rules.value && (
          <>
            <b>{on}</b> of {sorted.length} on
            <Link href="/rules" className="tile-link">
              All rules
            </Link>
          </>
        )
      }
    >
      <Loaded what="Rules" resource={rules}>
        {() =>
          shown.length === 0 ? (
            <Empty title="There are no rules yet, so nothing is detected." />
          ) : (
            <RuleTable rules={shown} isWide={focus === 'rules'} onChanged={rules.reload} />
          )
        }
      </Loaded>
    </OverviewPanel>
  );
}

interface TableProps {
  rules: readonly ListedRule[];
  /** Room for severity and condition. */
  isWide: boolean;
  onChanged: () => void;
}

function RuleTable({ rules, isWide, onChanged }: TableProps) {
  return (
    <div className="tile-scroll" tabIndex={0} role="region" aria-label="Rules, most matches first">
      <table className="table tile-table">
        <caption className="hidden">Rules, most matches first</caption>
        <thead>
          <tr>
            <th scope="col">Rule</th>
            {isWide && <th scope="col">Severity</th>}
            {isWide && <th scope="col">Fires on</th>}
            <th scope="col" className="cell-count">
              24 h
            </th>
            <th scope="col">On</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.rule_id}>
              <td className={isWide ? undefined : 'tile-wide'}>
                <Link href={`/rules/${rule.rule_id}`}>
                  <bdi>{rule.name}</bdi>
                </Link>
              </td>
              {isWide && (
                <td>
                  <SeverityBadge severity={rule.severity} />
                </td>
              )}
              {isWide && (
                <td>
                  <bdi>{rule.condition ?? rule.detector.kind}</bdi>
                </td>
              )}
              <td className="cell-count">{rule.matches_24h?.toLocaleString('en') ?? '–'}</td>
              <td>
                <OnOff rule={rule} onChanged={onChanged} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The switch of a rule; one that is neither on nor off says what it is. */
function OnOff({ rule, onChanged }: { rule: ListedRule; onChanged: () => void }) {
  if (rule.state === 'ENABLED' || rule.state === 'DISABLED')
    return <RuleSwitch rule={rule} onChanged={onChanged} />;
  return <RuleStateBadge state={rule.state} />;
}
