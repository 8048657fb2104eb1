import { useEffect, useState, useSyncExternalStore } from 'react';

import { createHttpCall } from '#dashboard/api/http.ts';
import { useResource } from '#dashboard/api/use-resource.ts';
import type { Config } from '#dashboard/config/config.ts';
import type { Session } from '#dashboard/session/session.ts';
import { Failed } from '#dashboard/shell/notice.tsx';

import { SignedIn } from './signed-in.tsx';

/** A whole page for what keeps the app from starting. */
export function BootFailed({ title, message }: { title: string; message: string }) {
  return (
    <main className="gate" role="alert">
      <p className="gate-brand">
        Hearthlink <strong>Sentry</strong>
      </p>
      <h1>{title}</h1>
      <p>{message}</p>
      <a className="button" href="/">
        Try again
      </a>
    </main>
  );
}

/** Signs in when nobody is, asks the API who it is, and opens the app. */
export function Entrance({ config, session }: { config: Config; session: Session }) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  // Once in, an expired session keeps its page.
  const [hasBeenIn, setHasBeenIn] = useState(state.kind === 'signed_in');
  if (!hasBeenIn && state.kind === 'signed_in') setHasBeenIn(true);
  if (!hasBeenIn || state.kind === 'signed_out') return <SignIn session={session} />;
  return <WhoAmI config={config} session={session} />;
}

function SignIn({ session }: { session: Session }) {
  const isByChoice = session.wasSignedOut();
  const [error, setError] = useState<string>();
  const leave = () => {
    session
      .signIn(`${window.location.pathname}${window.location.search}`)
      .catch((cause: unknown) => setError(cause instanceof Error ? cause.message : String(cause)));
  };
  useEffect(() => {
    if (!isByChoice) leave();
    // Once, when the page finds nobody signed in.
  }, []);
  if (error !== undefined)
    return <BootFailed title="The sign-in page cannot be reached" message={error} />;
  return (
    <main className="gate">
      <p className="gate-brand">
        Hearthlink <strong>Sentry</strong>
      </p>
      <h1>{isByChoice ? 'You are signed out' : 'Signing in …'}</h1>
      {isByChoice && (
        <button type="button" className="button button-primary" onClick={leave}>
          Sign in
        </button>
      )}
    </main>
  );
}

function WhoAmI({ config, session }: { config: Config; session: Session }) {
  const [http] = useState(() =>
    createHttpCall(
      config.api,
      {
        accessToken: () => {
          const state = session.state();
          return state.kind === 'signed_in' ? state.accessToken : undefined;
        },
        renew: () => session.renew(),
      },
      () => crypto.randomUUID(),
    ),
  );
  const me = useResource('me', () => http('me.get', {}));
  if (me.value) return <SignedIn config={config} session={session} http={http} me={me.value} />;
  if (!me.error)
    return (
      <main className="gate" aria-busy="true">
        <h1 className="hidden">Hearthlink Sentry</h1>
        <span className="spinner" aria-hidden="true" />
        <p role="status">Opening …</p>
      </main>
    );
  return (
    <main className="gate">
      <p className="gate-brand">
        Hearthlink <strong>Sentry</strong>
      </p>
      <h1>Almost there</h1>
      <Failed what="Your profile" message={me.error.message} retry={me.reload} />
      <button
        type="button"
        className="button"
        onClick={() => void session.signIn(window.location.pathname)}
      >
        Sign in again
      </button>
    </main>
  );
}
