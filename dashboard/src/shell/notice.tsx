import type { ReactNode } from 'react';

import { useApp } from './app-context.ts';
import { CopyButton } from './copy-button.tsx';

/** A screen or panel without content yet. */
export function Loading({ what }: { what: string }) {
  return (
    <p className="notice" role="status">
      <span className="spinner" aria-hidden="true" /> Loading {what} …
    </p>
  );
}

/** Why something is not there, and the way to try again. */
export function Failed({
  what,
  message,
  retry,
}: {
  what: string;
  message: string;
  retry: () => void;
}) {
  return (
    <div className="notice notice-failed" role="alert">
      <p>
        <strong>{what} could not be loaded.</strong> {message}
      </p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Nothing to show, and what that means. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice notice-empty">
      <p className="notice-title">{title}</p>
      {children}
    </div>
  );
}

/** How to see something happen: a command to paste that makes a shipped rule fire. */
export function TestEventHint() {
  const { config } = useApp();
  const isLocal = config.environment === 'local';
  const port = new URL(config.api).port;
  const prefix = !isLocal || port === '4566' || port === '' ? '' : `SENTRY_PORT=${port} `;
  const payload = '{"host":"a","mount":"/","value_percent":97}';
  const command = `${prefix}npx sentry send --type metric.disk --service shop --payload '${payload}'`;
  return (
    <div className="hint">
      <p>Send a test event that opens an alert:</p>
      <div className="command">
        <code>{command}</code>
        <CopyButton text={command} label="Copy command" />
      </div>
    </div>
  );
}
