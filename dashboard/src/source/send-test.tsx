import { useState } from 'react';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';

/** Sends one harmless event in the name of a source, so that its line comes alive. */
export function SendTestEvent({ source }: { source: string }) {
  const { call, toasts } = useApp();
  const { title } = useScope('sentry.ingest');
  const [isBusy, setIsBusy] = useState(false);
  const send = async () => {
    setIsBusy(true);
    try {
      const payload = { note: 'sent from the page about sources' };
      const event = { source, type: 'sentry.test', service: 'shop', payload };
      await call('events.ingest', event);
      toasts.say('done', `A test event is on the stream, with the source “${source}”.`);
    } catch (error) {
      toasts.say('failed', `Not sent: ${reasonOf(error)}`);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <button
      type="button"
      className="button"
      disabled={isBusy || title !== undefined}
      aria-busy={isBusy}
      title={title}
      onClick={() => void send()}
    >
      Send a test event
    </button>
  );
}
