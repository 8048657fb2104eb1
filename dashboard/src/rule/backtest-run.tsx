import { useEffect, useState } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';

import { BacktestFindings } from './backtest-findings.tsx';

type Run = OperationResult<'backtests.get'>;

const ASKED_EVERY_MS = 700;
const WORDS: Readonly<Record<Run['state'], string>> = {
  QUEUED: 'waits for its turn',
  RUNNING: 'is running',
  DONE: 'is done',
  CANCELLED: 'was cancelled',
  FAILED: 'failed',
};

/** One backtest: how far it is, the way to stop it, and what it found. */
export function BacktestRun({ backtestId, onEnded }: { backtestId: string; onEnded: () => void }) {
  const { call, toasts } = useApp();
  const { isAllowed, title } = useScope('sentry.policy.write');
  const run = useResource(`backtest ${backtestId}`, () =>
    call('backtests.get', { backtest_id: backtestId }),
  );
  const [isCancelling, setIsCancelling] = useState(false);
  const { value, reload, isLoading } = run;
  const isGoing = value?.state === 'QUEUED' || value?.state === 'RUNNING';
  const wasGoing = value !== undefined && !isGoing;
  useEffect(() => {
    if (!isGoing || isLoading) return undefined;
    const timer = setTimeout(reload, ASKED_EVERY_MS);
    return () => clearTimeout(timer);
  }, [isGoing, isLoading, reload]);
  useEffect(() => {
    if (wasGoing) onEnded();
  }, [wasGoing, onEnded]);
  const cancel = async () => {
    setIsCancelling(true);
    try {
      await call('backtests.cancel', { backtest_id: backtestId });
      reload();
    } catch (error) {
      toasts.say('failed', `Not cancelled: ${reasonOf(error)}`);
    } finally {
      setIsCancelling(false);
    }
  };
  if (!value)
    return run.error ? (
      <Failed what="The backtest" message={run.error.message} retry={reload} />
    ) : (
      <Loading what="the backtest" />
    );
  const { state, progress, error, result } = value;
  const { objects_read, objects_total, events, matches, alerts } = progress;
  return (
    <section className="panel" aria-labelledby="run-title">
      <div className="panel-head">
        <h2 id="run-title">The backtest {WORDS[state]}</h2>
        <div className="panel-actions">
          {isGoing && (
            <button
              type="button"
              className="button"
              disabled={!isAllowed || isCancelling}
              title={title}
              onClick={() => void cancel()}
            >
              Cancel
            </button>
          )}
        </div>
      </div>
      {isGoing && (
        <>
          <progress
            className="backtest-progress"
            aria-label="Archive objects read"
            {...(objects_total > 0 && { value: objects_read, max: objects_total })}
          />
          <p className="muted">
            {objects_total > 0 && `${objects_read} of ${objects_total} archive objects, `}
            {events.toLocaleString('en')} events, {matches.toLocaleString('en')} matches,{' '}
            {alerts.toLocaleString('en')} alerts
          </p>
        </>
      )}
      {error !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{error}</bdi>
        </p>
      )}
      {result && <BacktestFindings result={result} />}
    </section>
  );
}
