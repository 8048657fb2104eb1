import { Suspense, type ReactNode, useEffect } from 'react';
import { Link, Route, Switch, useLocation, useSearch } from 'wouter';

import { useAlertCounts } from '#dashboard/alert/use-alert.ts';
import type { Scope } from '#dashboard/session/scope.ts';

import { Announcer } from './announcer.tsx';
import { useIsOld, useScope } from './app-context.ts';
import { Asker } from './asker.tsx';
import { Boundary } from './boundary.tsx';
import { ConnectionSpoken, Header } from './header.tsx';
import { PlaceKeys } from './key/place-keys.tsx';
import { useKeyboard } from './key/use-keys.ts';
import { Places } from './navigation.tsx';
import { NewVersion } from './new-version.tsx';
import { Empty, Loading } from './notice.tsx';
import { Notifier } from './notifier.tsx';
import { placeOf, type ScreenEntry } from './screen.ts';
import { SessionBanner } from './session-banner.tsx';
import { Toaster } from './toaster.tsx';

/** What stays around every screen, and the screen the address names. */
export function Frame({ screens }: { screens: readonly ScreenEntry[] }) {
  const [path] = useLocation();
  const search = useSearch();
  useTitle(placeOf(path, screens)?.name ?? 'Hearthlink');
  useKeyboard();
  const isKiosk = new URLSearchParams(search).has('kiosk');
  const isOld = useIsOld();
  return (
    <div className={`frame ${isKiosk ? 'is-kiosk' : ''} ${isOld ? 'is-old' : ''}`}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header screens={screens} />
      <nav className="rail" aria-label="Main">
        <Places screens={screens} />
      </nav>
      <div className="stage">
        <SessionBanner />
        <NewVersion />
        <Boundary key={path}>
          <Suspense fallback={<Opening />}>
            <Switch>
              {screens.map(({ path: pattern, scope, name, Screen }) => (
                <Route key={pattern} path={pattern}>
                  {({ id = '' }: { id?: string }) => (
                    <Guarded scope={scope} name={name}>
                      <Screen key={id} id={id} />
                    </Guarded>
                  )}
                </Route>
              ))}
              <Route>
                <NotFound />
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
      <PlaceKeys screens={screens} />
      <Asker />
      <Toaster />
      <Announcer />
      <Notifier />
      <ConnectionSpoken />
    </div>
  );
}

function Opening() {
  return (
    <main id="main" className="screen">
      <Loading what="this screen" />
    </main>
  );
}

function NotFound() {
  return (
    <main id="main" className="screen">
      <h1 className="hidden">Not found</h1>
      <Empty title="There is nothing at this address.">
        <Link href="/alerts" className="button">
          To the alerts
        </Link>
      </Empty>
    </main>
  );
}

/** A screen for those who may see it; for others, which role it takes. */
function Guarded(props: { scope: Scope | undefined; name: string; children: ReactNode }) {
  const { isAllowed, title } = useScope(props.scope);
  if (isAllowed) return props.children;
  return (
    <main id="main" className="screen">
      <h1>{props.name}</h1>
      <Empty title="Your role does not show this.">
        <p>{title}.</p>
      </Empty>
    </main>
  );
}

/** The tab's title: how many alerts are open, and where this is. */
function useTitle(place: string): void {
  const { open } = useAlertCounts();
  useEffect(() => {
    document.title = `${open > 0 ? `(${open}) ` : ''}${place} · Hearthlink Sentry`;
  }, [open, place]);
}
