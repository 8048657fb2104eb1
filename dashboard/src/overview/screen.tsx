import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';

import { statusDetail, statusWords } from '#dashboard/live/status.ts';
import { useLiveStatus, useScope } from '#dashboard/shell/app-context.ts';
import { useTimedText } from '#dashboard/shell/clock.ts';

import { FeedPanel } from './feed-panel.tsx';
import { HealthPanel } from './health-panel.tsx';
import { HooksPanel } from './hooks-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { SummaryPanel } from './summary-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { useOverviewView } from './view.ts';

/** `/`: everything at a glance; `?focus=` one panel, `?kiosk=1` for a wall. */
export function OverviewScreen() {
  const { isKiosk, focus } = useOverviewView();
  const mayReadAlerts = useScope('sentry.alert.read').isAllowed;
  const mayReadRules = useScope('sentry.policy.read').isAllowed;
  useLeaveKiosk(isKiosk && focus === undefined);
  return (
    <main id="main" className={`overview ${isKiosk ? 'overview-kiosk' : ''}`}>
      <div className="overview-head">
        <h1>Overview</h1>
        {isKiosk ? (
          <WallStatus />
        ) : (
          <Link href="/?kiosk=1" className="button button-small button-quiet only-wide">
            Wall display
          </Link>
        )}
      </div>
      <div className="overview-grid">
        <FeedPanel />
        <HealthPanel />
        {mayReadAlerts && <SummaryPanel />}
        {mayReadAlerts && <TimelinePanel />}
        {mayReadRules && <RulesPanel />}
        {mayReadRules && <HooksPanel />}
      </div>
    </main>
  );
}

/** On a wall the header is gone: how fresh this is, and what time it is. */
function WallStatus() {
  const status = useLiveStatus();
  const words = useTimedText(() => statusWords(status, Date.now()));
  const detail = useTimedText(() => statusDetail(status, Date.now()));
  const time = useTimedText((now) => new Date(now).toLocaleTimeString('en-GB'));
  return (
    <>
      <span className={`connection connection-${status.kind}`} title={detail}>
        <span className="connection-dot" aria-hidden="true" />
        {words}
      </span>
      <time className="wall-clock">{time}</time>
    </>
  );
}

/** Nothing on a wall can be pressed, but Escape leads back. */
function useLeaveKiosk(isKiosk: boolean): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!isKiosk) return undefined;
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') navigate('/', { replace: true });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isKiosk, navigate]);
}
