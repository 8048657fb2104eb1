import { useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';

import type { ListedRule } from '#shared/rule/schema.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { Field, Form } from '#dashboard/shell/part/field.tsx';
import { Age, When } from '#dashboard/shell/time.tsx';

import { BacktestRun } from './backtest-run.tsx';
import type { RuleBody } from './body.ts';

const HOUR_MS = 3_600_000;
const PERIODS = {
  '1': 'the last hour',
  '24': 'the last 24 hours',
  '168': 'the last 7 days',
  '720': 'the last 30 days',
  '2160': 'the last 90 days',
} as const;

interface Props {
  body: RuleBody | undefined;
  stored: ListedRule | undefined;
  isChanged: boolean;
}

/** Runs the rule over archived events: what it would have found. */
export function BacktestTab({ body, stored, isChanged }: Props) {
  const { call } = useApp();
  const { title } = useScope('sentry.policy.write');
  const search = useSearch();
  const [path, navigate] = useLocation();
  const query = new URLSearchParams(search);
  const shown = query.get('backtest') ?? undefined;
  const ruleId = stored?.rule_id ?? body?.rule_id;
  const list = useResource(`backtests ${ruleId}`, () => call('backtests.list', { limit: 100 }));
  const [hours, setHours] = useState<string>('24');
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const refusal =
    title ?? (body === undefined ? 'The text in the editor is not JSON yet' : undefined);
  const addressOf = (id: string) => {
    query.set('tab', 'backtest');
    query.set('backtest', id);
    return `${path}?${query}`;
  };
  const start = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      const to = serverNow();
      const { backtest_id } = await call('backtests.start', {
        ...(stored && !isChanged ? { rule_id: stored.rule_id } : { rule: { ...body! } }),
        from: new Date(to - Number(hours) * HOUR_MS).toISOString(),
        to: new Date(to).toISOString(),
      });
      navigate(addressOf(backtest_id), { replace: true });
      list.reload();
    } catch (failure) {
      setError(reasonOf(failure));
    } finally {
      setIsBusy(false);
    }
  };
  const earlier = (list.value?.items ?? []).filter(({ rule_id }) => rule_id === ruleId);
  return (
    <div className="rule-tab">
      <section className="panel" aria-label="Start a backtest">
        <p className="rule-note">
          The archive’s events go through{' '}
          {stored && !isChanged ? `version ${stored.version}` : 'the rule as it is in the editor'},
          apart from what is live: nobody is told, nothing is opened.
        </p>
        <Form verb="Start" onSubmit={start} isBusy={isBusy} refusal={refusal} error={error}>
          <Field label="Period">
            {(control) => (
              <select
                {...control}
                className="period"
                value={hours}
                onChange={({ target }) => setHours(target.value)}
              >
                {Object.entries(PERIODS).map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </Form>
      </section>
      {shown !== undefined && <BacktestRun key={shown} backtestId={shown} onEnded={list.reload} />}
      {earlier.length > 0 && (
        <section className="panel" aria-labelledby="earlier-title">
          <h2 id="earlier-title">Backtests of the last seven days</h2>
          <ul className="backtests">
            {earlier.map(
              ({ backtest_id, state, kind, rule_version, from, to, created_at, progress }) => (
                <li key={backtest_id}>
                  <Link
                    href={addressOf(backtest_id)}
                    replace
                    aria-current={backtest_id === shown ? 'true' : undefined}
                  >
                    <When at={from} /> – <When at={to} />
                  </Link>
                  <span className="state">{state.toLowerCase()}</span>
                  <span className="muted">
                    {kind === 'draft' ? 'a draft' : `version ${rule_version}`},{' '}
                    {progress.alerts.toLocaleString('en')}{' '}
                    {progress.alerts === 1 ? 'alert' : 'alerts'}, <Age since={created_at} /> ago
                  </span>
                </li>
              ),
            )}
          </ul>
        </section>
      )}
    </div>
  );
}
