import { useEffect, useState } from 'react';
import { Router } from 'wouter';

import { createAlertActions } from '#dashboard/alert/act.ts';
import { readActive } from '#dashboard/alert/read-active.ts';
import { AlertStore } from '#dashboard/alert/store.ts';
import { createCall } from '#dashboard/api/call.ts';
import type { Call } from '#dashboard/api/http.ts';
import type { Config } from '#dashboard/config/config.ts';
import { LiveClient } from '#dashboard/live/client.ts';
import type { Session } from '#dashboard/session/session.ts';
import { type App, AppContext, type Me } from '#dashboard/shell/app-context.ts';
import { Asks } from '#dashboard/shell/ask.ts';
import { serverNow, setSkew } from '#dashboard/shell/clock.ts';
import { Frame } from '#dashboard/shell/frame.tsx';
import { aroundNavigation } from '#dashboard/shell/leave.ts';
import { Toasts } from '#dashboard/shell/toast.ts';

import { SCREENS } from './screens.tsx';

interface Props {
  config: Config;
  session: Session;
  http: Call;
  me: Me;
}

/** Puts the app together for one sign-in and keeps its live connection open. */
export function SignedIn({ config, session, http, me }: Props) {
  const [app] = useState(() => createApp({ config, session, http, me }));
  useEffect(() => connect(app), [app]);
  return (
    <AppContext value={app}>
      <Router aroundNav={aroundNavigation}>
        <Frame screens={SCREENS} />
      </Router>
    </AppContext>
  );
}

function createApp({ config, session, http, me }: Props): App {
  const state = session.state();
  const alerts = new AlertStore();
  const toasts = new Toasts();
  const live = new LiveClient({
    url: config.live,
    openSocket: (url) => new WebSocket(url),
    ticket: async () => (await http('live.ticket', {})).ticket,
    poll: () => readActive(http, alerts),
    caughtUp: (missed) => {
      const changes = missed === 1 ? '1 change' : `${missed} changes`;
      toasts.say('done', `Live again: caught up, ${changes} missed.`);
    },
    skew: setSkew,
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === 'visible',
    random: () => Math.random(),
  });
  const call = createCall(http, live);
  const actions = createAlertActions({
    call,
    store: alerts,
    actor: me.actor,
    now: serverNow,
    say: (kind, text, undo) => toasts.say(kind, text, undo),
    requestId: () => crypto.randomUUID(),
  });
  const name = state.kind === 'signed_in' ? state.name : me.actor;
  return { config, session, me, name, call, live, alerts, actions, toasts, asks: new Asks() };
}

function connect({ live, alerts, session, me, call }: App): () => void {
  if (me.scopes.includes('sentry.alert.read'))
    live.subscribe(
      'alerts',
      {},
      {
        snapshot: (items, isTruncated) => {
          const changed = alerts.snapshot(items, isTruncated);
          // Only when active alerts alone fill a snapshot there may be more of them.
          const isAllActive = items.every((item) => 'state' in item && item.state !== 'RESOLVED');
          if (isTruncated && isAllActive) void readActive(call, alerts).catch(() => {});
          return changed;
        },
        merge: (items) => alerts.merge(items),
      },
    );
  const wake = () => live.wake();
  let lastState = session.state();
  const stopSession = session.subscribe(() => {
    const state = session.state();
    if (state.kind === 'expired') live.stop({ kind: 'session_expired' });
    else if (state.kind === 'signed_in' && state !== lastState) {
      if (live.status().kind === 'session_expired') live.start();
      else void live.rotate();
    }
    lastState = state;
  });
  for (const name of ['online', 'offline'] as const) window.addEventListener(name, wake);
  document.addEventListener('visibilitychange', wake);
  live.start();
  return () => {
    stopSession();
    for (const name of ['online', 'offline'] as const) window.removeEventListener(name, wake);
    document.removeEventListener('visibilitychange', wake);
    live.stop();
  };
}
