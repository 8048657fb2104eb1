import { createContext, useContext, useSyncExternalStore } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import type { AlertActions } from '#dashboard/alert/act.ts';
import type { AlertStore } from '#dashboard/alert/store.ts';
import type { Call } from '#dashboard/api/http.ts';
import type { Config } from '#dashboard/config/config.ts';
import type { LiveClient } from '#dashboard/live/client.ts';
import { isOld, type LiveStatus } from '#dashboard/live/status.ts';
import { missingWords, type Scope } from '#dashboard/session/scope.ts';
import type { Session } from '#dashboard/session/session.ts';

import type { Asks } from './ask.ts';
import { useTimedText } from './clock.ts';
import type { Toasts } from './toast.ts';

export type Me = OperationResult<'me.get'>;

/** What every screen works with; made once per sign-in. */
export interface App {
  config: Config;
  session: Session;
  me: Me;
  name: string;
  call: Call;
  live: LiveClient;
  alerts: AlertStore;
  actions: AlertActions;
  toasts: Toasts;
  asks: Asks;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp is called outside of the signed-in app.');
  return app;
}

/** Whether the caller may; `title` says which role gives it when not. */
export function useScope(scope: Scope | undefined): {
  isAllowed: boolean;
  title: string | undefined;
} {
  const { scopes } = useApp().me;
  if (scope === undefined || scopes.includes(scope)) return { isAllowed: true, title: undefined };
  return { isAllowed: false, title: missingWords(scope) };
}

export function useLiveStatus(): LiveStatus {
  const { live } = useApp();
  return useSyncExternalStore(live.onStatus, live.status);
}

/** Whether what is shown may be older than it seems; turns by itself. */
export function useIsOld(): boolean {
  const { live } = useApp();
  return useTimedText(() => String(isOld(live.status(), live.heardAt(), Date.now()))) === 'true';
}
