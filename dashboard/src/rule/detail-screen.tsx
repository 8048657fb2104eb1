import { useCallback } from 'react';
import { useLocation } from 'wouter';

import type { ListedRule } from '#shared/rule/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { actorName } from '#dashboard/shell/format.ts';
import { useLeaveGuard } from '#dashboard/shell/leave.ts';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Tabs } from '#dashboard/shell/part/tabs.tsx';
import { Age } from '#dashboard/shell/time.tsx';

import { BacktestTab } from './backtest-tab.tsx';
import { RuleStateBadge } from './badge.tsx';
import { bodyOf, readRule, writeRule } from './body.ts';
import { useDraft } from './draft.ts';
import { EditTab } from './edit-tab.tsx';
import { EXAMPLE } from './example.ts';
import { HistoryTab } from './history-tab.tsx';
import { StateTab } from './state-tab.tsx';
import { TestTab } from './test-tab.tsx';
import { useRuleChanges } from './use-rules.ts';
import './rule.css';

const BACK = { href: '/rules', name: 'Rules' };
const LOST =
  'The rule has changes that are not saved. They are kept in this tab until you close it.';

/** `/rules/new` and `/rules/:id`: one rule, written, tried, brought to life and followed. */
export function RuleDetailScreen({ id }: { id: string }) {
  return id === 'new' ? <NewRule /> : <StoredRule id={id} />;
}

function NewRule() {
  const [, navigate] = useLocation();
  const { draft, isChanged, write, begin, forget } = useDraft('new', undefined, EXAMPLE);
  const release = useLeaveGuard(isChanged ? LOST : undefined);
  const body = readRule(draft.text);
  const settle = ({ rule_id }: ListedRule) => {
    release();
    forget();
    navigate(`/rules/${rule_id}?tab=test`);
  };
  return (
    <Detail back={BACK} title="New rule">
      <Tabs
        label="New rule"
        tabs={[
          {
            word: 'edit',
            name: 'Edit',
            content: () => (
              <EditTab
                stored={undefined}
                draft={draft}
                isChanged={isChanged}
                onWrite={write}
                onDiscard={() => begin({ text: EXAMPLE, version: 0 })}
                onBegin={begin}
                onSaved={settle}
              />
            ),
          },
          { word: 'test', name: 'Test', content: () => <TestTab body={body} isChanged /> },
          {
            word: 'backtest',
            name: 'Backtest',
            content: () => <BacktestTab body={body} stored={undefined} isChanged />,
          },
        ]}
      />
    </Detail>
  );
}

function StoredRule({ id }: { id: string }) {
  const { call } = useApp();
  const rule = useResource(`rule ${id}`, () => call('rules.get', { rule_id: id }));
  const { reload } = rule;
  useRuleChanges(id, reload);
  if (rule.value) return <Opened rule={rule.value} reload={reload} />;
  return (
    <DetailFrame back={BACK}>
      <h1 className="hidden">Rule</h1>
      <Loaded what="The rule" resource={rule}>
        {() => null}
      </Loaded>
    </DetailFrame>
  );
}

function Opened({ rule, reload }: { rule: ListedRule; reload: () => void }) {
  const { toasts } = useApp();
  const { draft, isChanged, write, begin, discard } = useDraft(rule.rule_id, rule, '');
  useLeaveGuard(isChanged ? LOST : undefined);
  const body = readRule(draft.text);
  const settle = useCallback(
    ({ version }: ListedRule) => {
      toasts.say('done', `Version ${version} is saved.`);
      reload();
    },
    [toasts, reload],
  );
  return (
    <Detail
      back={BACK}
      title={rule.name}
      badges={
        <>
          <RuleStateBadge state={rule.state} />
          <SeverityBadge severity={rule.severity} />
          <span className="muted">
            version {rule.version} by <bdi>{actorName(rule.author)}</bdi>,{' '}
            <Age since={rule.updated_at} /> ago
          </span>
          {isChanged && <span className="state state-OPEN">Not saved</span>}
        </>
      }
      actions={
        <p className="rule-said">
          <bdi>{rule.description}</bdi>
        </p>
      }
    >
      <Tabs
        label={rule.name}
        tabs={[
          {
            word: 'edit',
            name: 'Edit',
            content: () => (
              <EditTab
                stored={rule}
                draft={draft}
                isChanged={isChanged}
                onWrite={write}
                onDiscard={discard}
                onBegin={begin}
                onSaved={(saved) => {
                  begin({ text: writeRule(bodyOf(saved)), version: saved.version });
                  settle(saved);
                }}
              />
            ),
          },
          {
            word: 'test',
            name: 'Test',
            content: () => <TestTab body={body} isChanged={isChanged} />,
          },
          {
            word: 'backtest',
            name: 'Backtest',
            content: () => <BacktestTab body={body} stored={rule} isChanged={isChanged} />,
          },
          {
            word: 'history',
            name: 'History',
            content: () => <HistoryTab rule={rule} isChanged={isChanged} onChanged={settle} />,
          },
          {
            word: 'state',
            name: 'State',
            content: () => <StateTab rule={rule} isChanged={isChanged} onChanged={settle} />,
          },
        ]}
      />
    </Detail>
  );
}
