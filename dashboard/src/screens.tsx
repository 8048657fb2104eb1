import { useEffect, type ReactNode } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';

import { AlertDetailScreen } from '#dashboard/alert/detail-screen.tsx';
import { AlertListScreen } from '#dashboard/alert/list-screen.tsx';
import { useAlertCounts } from '#dashboard/alert/use-alert.ts';
import { FeedScreen } from '#dashboard/feed/screen.tsx';
import { IncidentDetailScreen } from '#dashboard/incident/detail-screen.tsx';
import { IncidentListScreen } from '#dashboard/incident/list-screen.tsx';
import { QuarantineScreen } from '#dashboard/quarantine/screen.tsx';
import { RuleScreen } from '#dashboard/rule/screen.tsx';
import type { Scope } from '#dashboard/session/scope.ts';
import { Announcer } from '#dashboard/shell/announcer.tsx';
import { useScope } from '#dashboard/shell/app-context.ts';
import { Boundary } from '#dashboard/shell/boundary.tsx';
import { ConnectionSpoken, Header } from '#dashboard/shell/header.tsx';
import { Empty } from '#dashboard/shell/notice.tsx';
import { SessionBanner } from '#dashboard/shell/session-banner.tsx';
import { Toaster } from '#dashboard/shell/toaster.tsx';

/** Every screen of a signed-in person, by its path. */
export function Screens() {
  const [path] = useLocation();
  useTitle(path);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <SessionBanner />
      <Boundary key={path}>
        <Switch>
          <Route path="/">
            <Guarded scope="sentry.alert.read">
              <AlertListScreen />
            </Guarded>
          </Route>
          <Route path="/alerts/:id">
            {({ id }) => (
              <Guarded scope="sentry.alert.read">
                <AlertDetailScreen key={id} alertId={id} />
              </Guarded>
            )}
          </Route>
          <Route path="/incidents">
            <Guarded scope="sentry.alert.read">
              <IncidentListScreen />
            </Guarded>
          </Route>
          <Route path="/incidents/:id">
            {({ id }) => (
              <Guarded scope="sentry.alert.read">
                <IncidentDetailScreen key={id} incidentId={id} />
              </Guarded>
            )}
          </Route>
          <Route path="/feed">
            <Guarded scope="sentry.read">
              <FeedScreen />
            </Guarded>
          </Route>
          <Route path="/rules">
            <Guarded scope="sentry.policy.read">
              <RuleScreen />
            </Guarded>
          </Route>
          <Route path="/quarantine">
            <Guarded scope="sentry.read">
              <QuarantineScreen />
            </Guarded>
          </Route>
          <Route>
            <main id="main" className="screen">
              <h1 className="hidden">Not found</h1>
              <Empty title="There is nothing at this address.">
                <Link href="/" className="button">
                  To the alerts
                </Link>
              </Empty>
            </main>
          </Route>
        </Switch>
      </Boundary>
      <Toaster />
      <Announcer />
      <ConnectionSpoken />
    </>
  );
}

/** A screen for those who may see it; for others, which role it takes. */
function Guarded({ scope, children }: { scope: Scope; children: ReactNode }) {
  const { isAllowed, title } = useScope(scope);
  if (isAllowed) return children;
  return (
    <main id="main" className="screen">
      <h1 className="hidden">Not allowed</h1>
      <Empty title="Your role does not show this.">
        <p>{title}.</p>
      </Empty>
    </main>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  incidents: 'Incidents',
  feed: 'Live feed',
  rules: 'Rules',
  quarantine: 'Quarantine',
};

/** The tab's title: how many alerts are open, and where this is. */
function useTitle(path: string): void {
  const { open } = useAlertCounts();
  const place = NAMES[path.split('/')[1] ?? ''] ?? 'Alerts';
  useEffect(() => {
    document.title = `${open > 0 ? `(${open}) ` : ''}${place} · Hearthlink Sentry`;
  }, [open, place]);
}
