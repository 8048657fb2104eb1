import { useEffect } from 'react';

import type { ListedRule } from '#shared/rule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { Empty, Failed, Loading } from '#dashboard/shell/notice.tsx';

/** `/rules`: what is detected, read-only. */
export function RuleScreen() {
  const { call, live } = useApp();
  const rules = useResource('rules', () => call('rules.list', {}));
  const { reload } = rules;
  useEffect(
    () =>
      live.subscribe(
        'rules',
        {},
        { snapshot: () => {}, merge: (items) => items.length > 0 && reload() },
      ),
    [live, reload],
  );
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Rules</h1>
        {rules.value && <span className="muted">{rules.value.items.length} rules</span>}
      </div>
      {!rules.value && rules.error && (
        <Failed what="Rules" message={rules.error.message} retry={reload} />
      )}
      {!rules.value && !rules.error && <Loading what="rules" />}
      {rules.value?.items.length === 0 && (
        <Empty title="There are no rules yet, so nothing is detected." />
      )}
      {rules.value && rules.value.items.length > 0 && (
        <div className="table-frame table-scroll">
          <table role="table" className="table card-table rule-table">
            <caption className="hidden">Detection rules</caption>
            <thead role="rowgroup">
              <tr role="row">
                <th role="columnheader" scope="col">
                  Rule
                </th>
                <th role="columnheader" scope="col">
                  Severity
                </th>
                <th role="columnheader" scope="col">
                  Fires on
                </th>
                <th role="columnheader" scope="col">
                  State
                </th>
                <th role="columnheader" scope="col" className="cell-count">
                  Version
                </th>
                <th role="columnheader" scope="col" className="cell-count">
                  Matches, 24 h
                </th>
                <th role="columnheader" scope="col" className="cell-count">
                  Cost per event
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {rules.value.items.map((rule) => (
                <RuleRow key={rule.rule_id} rule={rule} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </main>
  );
}

function RuleRow({ rule }: { rule: ListedRule }) {
  return (
    <tr role="row">
      <td role="cell">
        <bdi className="rule-name">{rule.name}</bdi>
        <code className="alert-id">{rule.rule_id}</code>
        {rule.description && (
          <p className="muted rule-description">
            <bdi>{rule.description}</bdi>
          </p>
        )}
      </td>
      <td role="cell">
        <SeverityBadge severity={rule.severity} />
      </td>
      <td role="cell" className="cell-text">
        <bdi>{rule.condition ?? rule.detector.kind}</bdi>
        <details className="rule-pattern">
          <summary>Pattern</summary>
          <pre dir="ltr" tabIndex={0} aria-label={`Pattern of ${rule.name}`}>
            <bdi>{JSON.stringify(rule.pattern, undefined, 2)}</bdi>
          </pre>
        </details>
      </td>
      <td role="cell">
        <span className={`state state-rule-${rule.state}`}>{rule.state.toLowerCase()}</span>
      </td>
      <td role="cell" className="cell-count rule-figure" data-label="Version">
        {rule.version}
      </td>
      <td role="cell" className="cell-count rule-figure" data-label="Matches in 24 h">
        {rule.matches_24h?.toLocaleString('en') ?? '–'}
      </td>
      <td role="cell" className="cell-count rule-figure" data-label="Cost per event">
        {costWords(rule)}
        {rule.indexed === false && (
          <p
            className="muted"
            title="Nothing of its pattern can be looked up: it is tried on every event."
          >
            not indexed
          </p>
        )}
      </td>
    </tr>
  );
}

/** What the rule alone takes of the detector's CPU, measured when it was saved. */
function costWords({ cost_ns }: ListedRule): string {
  if (cost_ns === undefined) return '–';
  return cost_ns >= 1_000 ? `${(cost_ns / 1_000).toPrecision(2)} µs` : `${Math.round(cost_ns)} ns`;
}
