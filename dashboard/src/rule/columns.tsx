import { Link } from 'wouter';

import { compareSeverity } from '#shared/kernel/severity.ts';
import type { ListedRule } from '#shared/rule/schema.ts';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { byText, type Column } from '#dashboard/shell/table/column.ts';
import { Age } from '#dashboard/shell/time.tsx';

import { RuleStateBadge } from './badge.tsx';
import { STATES } from './state.ts';
import { RuleSwitch } from './switch.tsx';

const ORDER = STATES.map(({ state }) => state as string);

/** The columns of the list of rules; `onChanged` is called after a rule was switched. */
export function ruleColumns(onChanged: () => void): readonly Column<ListedRule>[] {
  return [
    {
      key: 'name',
      name: 'Rule',
      width: 'minmax(11rem, 1.2fr)',
      compare: (a, b) => byText(a.name, b.name),
      card: 'line',
      cell: ({ rule_id, name }) => (
        <>
          <Link href={`/rules/${rule_id}`} className="alert-title">
            <bdi>{name}</bdi>
          </Link>
          <code className="rule-id">{rule_id}</code>
        </>
      ),
    },
    {
      key: 'condition',
      name: 'Condition',
      width: 'minmax(10rem, 1.4fr)',
      card: 'line',
      compare: (a, b) => byText(a.detector.kind, b.detector.kind),
      className: 'rule-condition',
      cell: ({ condition, detector }) => <bdi>{condition ?? detector.kind}</bdi>,
    },
    {
      key: 'action',
      name: 'Action',
      width: '8.5rem',
      compare: (a, b) => compareSeverity(a.severity, b.severity),
      first: 'descending',
      cell: ({ severity, state }) => (
        <span className="rule-action">
          <SeverityBadge severity={severity} />
          <span className="muted">{actionOf(state)}</span>
        </span>
      ),
    },
    {
      key: 'enabled',
      name: 'Enabled',
      width: '4.75rem',
      compare: (a, b) => Number(b.state === 'ENABLED') - Number(a.state === 'ENABLED'),
      cell: (rule) => <RuleSwitch rule={rule} onChanged={onChanged} />,
    },
    {
      key: 'state',
      name: 'State',
      width: '5.75rem',
      compare: (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
      cell: ({ state }) => <RuleStateBadge state={state} />,
    },
    {
      key: 'version',
      name: 'Version',
      width: '4.75rem',
      compare: (a, b) => a.version - b.version,
      first: 'descending',
      isEnd: true,
      card: 'label',
      cell: ({ version }) => version,
    },
    {
      key: 'matches',
      name: 'Matches, 24 h',
      width: '7rem',
      compare: (a, b) => (a.matches_24h ?? -1) - (b.matches_24h ?? -1),
      first: 'descending',
      isEnd: true,
      card: 'label',
      cell: ({ matches_24h }) => matches_24h?.toLocaleString('en') ?? '–',
    },
    {
      key: 'cost',
      name: 'Cost/event',
      width: '6.25rem',
      compare: (a, b) => (a.cost_ns ?? -1) - (b.cost_ns ?? -1),
      first: 'descending',
      isEnd: true,
      card: 'label',
      cell: (rule) => (
        <span
          title={
            rule.indexed === false
              ? 'Nothing of its pattern can be looked up: it is tried on every event'
              : undefined
          }
        >
          {costWords(rule)}
          {rule.indexed === false && <span className="muted"> all</span>}
        </span>
      ),
    },
    {
      key: 'updated',
      name: 'Updated',
      width: '7.5rem',
      compare: (a, b) => byText(b.updated_at, a.updated_at),
      isEnd: true,
      card: 'label',
      cell: ({ created_at, updated_at }) => (
        <>
          <Age since={updated_at} />
          <span className="muted rule-created">
            created <Age since={created_at} />
          </span>
        </>
      ),
    },
  ];
}

/** What happens when it matches. */
function actionOf(state: ListedRule['state']): string {
  if (state === 'ENABLED') return 'alerts people';
  return state === 'STAGED' ? 'records only' : 'does nothing';
}

/** What the rule alone takes of the detector's CPU for each event, measured when it was saved. */
export function costWords({ cost_ns }: Pick<ListedRule, 'cost_ns'>): string {
  if (cost_ns === undefined) return '–';
  if (cost_ns < 1_000) return `${Math.round(cost_ns)} ns`;
  const micros = cost_ns / 1_000;
  return `${micros < 10 ? micros.toFixed(1) : Math.round(micros)} µs`;
}
