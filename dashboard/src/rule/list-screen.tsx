import { useCallback, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';

import type { ListedRule } from '#shared/rule/schema.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Table } from '#dashboard/shell/table/table.tsx';
import { useSelection } from '#dashboard/shell/table/use-selection.ts';
import { useSorted } from '#dashboard/shell/table/use-sort.ts';

import { ruleColumns } from './columns.tsx';
import { downloadRules } from './download.ts';
import { RuleFilterBar } from './filter-bar.tsx';
import { matches, readFilter, type RuleFilter, writeFilter } from './filter.ts';
import { ImportDialog } from './import-dialog.tsx';
import { useRules } from './use-rules.ts';
import './rule.css';

/** `/rules`: what is detected, and what comes of it. */
export function RuleListScreen() {
  const rules = useRules();
  return (
    <main id="main" className="screen">
      <Loaded what="Rules" resource={rules}>
        {({ items }) => <RuleList rules={items} reload={rules.reload} />}
      </Loaded>
    </main>
  );
}

function RuleList({ rules, reload }: { rules: readonly ListedRule[]; reload: () => void }) {
  const { call, toasts } = useApp();
  const write = useScope('sentry.policy.write');
  const search = useSearch();
  const [path, navigate] = useLocation();
  const filter = useMemo(() => readFilter(search), [search]);
  const [isImporting, setIsImporting] = useState(false);
  const selected = useMemo(() => rules.filter((rule) => matches(rule, filter)), [rules, filter]);
  const columns = useMemo(() => ruleColumns(reload), [reload]);
  const { rows, sort, onSort } = useSorted(selected, columns);
  const selection = useSelection(rows.map(({ rule_id }) => rule_id));
  const change = (next: RuleFilter) => {
    const query = writeFilter(next, search);
    navigate(query === '' ? path : `${path}?${query}`, { replace: true });
  };
  const exportRules = async () => {
    try {
      const ids = selection.ids.length > 0 ? selection.ids : undefined;
      const count = downloadRules(await call('rules.export', {}), ids);
      toasts.say('done', `${count} rules were written into a file.`);
    } catch (error) {
      toasts.say('failed', `Not exported: ${reasonOf(error)}`);
    }
  };
  return (
    <>
      <div className="screen-head">
        <h1>Rules</h1>
        <span className="muted">
          {rows.length === rules.length ? rules.length : `${rows.length} of ${rules.length}`}
        </span>
        <div className="screen-actions">
          <button
            type="button"
            className="button"
            disabled={!write.isAllowed}
            title={write.title}
            onClick={() => setIsImporting(true)}
          >
            Import
          </button>
          <button
            type="button"
            className="button"
            disabled={rules.length === 0}
            onClick={() => void exportRules()}
          >
            {selection.ids.length > 0 ? `Export ${selection.ids.length} selected` : 'Export all'}
          </button>
          <NewRule />
        </div>
      </div>
      <RuleFilterBar filter={filter} rules={rules} onChange={change} />
      <Table
        caption="Detection rules"
        kind="rule"
        items={rows}
        idOf={useCallback(({ rule_id }: ListedRule) => rule_id, [])}
        nameOf={nameOf}
        columns={columns}
        className="rule-list"
        sort={sort}
        onSort={onSort}
        selection={selection}
        empty={rules.length === 0 ? <NoRules /> : <NoneSelected />}
      />
      {isImporting && (
        <ImportDialog
          onClose={() => setIsImporting(false)}
          onDone={() => {
            setIsImporting(false);
            reload();
          }}
        />
      )}
    </>
  );
}

const nameOf = ({ name }: ListedRule) => name;

function NewRule() {
  const { isAllowed, title } = useScope('sentry.policy.write');
  if (isAllowed)
    return (
      <Link href="/rules/new" className="button button-primary">
        New rule
      </Link>
    );
  return (
    <button type="button" className="button button-primary" disabled title={title}>
      New rule
    </button>
  );
}

function NoRules() {
  return (
    <Empty title="There are no rules yet, so nothing is detected.">
      <p>
        A rule says which events matter, how many of them, and how grave that is. “New rule” begins
        with an example that works; “Import” takes a file of rules.
      </p>
      <NewRule />
    </Empty>
  );
}

function NoneSelected() {
  return (
    <Empty title="No rule is like that.">
      <Link href="/rules" className="button">
        Show all that are in use
      </Link>
    </Empty>
  );
}
