import { useApp, useLiveStatus } from './app-context.ts';

/** The session is over: what is shown stays, and one click signs in again and comes back here. */
export function SessionBanner() {
  const { session } = useApp();
  const status = useLiveStatus();
  if (status.kind !== 'session_expired') return null;
  const here = `${window.location.pathname}${window.location.search}`;
  return (
    <div className="banner" role="alert">
      <span>Your session has expired. What you see is the last known state.</span>
      <button
        type="button"
        className="button button-primary"
        onClick={() => void session.signIn(here)}
      >
        Sign in again
      </button>
    </div>
  );
}
