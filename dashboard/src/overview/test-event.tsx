import { useState } from 'react';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { TestEventHint } from '#dashboard/shell/notice.tsx';

/** Makes the shipped rule for full disks match. */
const TEST_EVENT = {
  source: 'dashboard',
  type: 'metric.disk',
  service: 'shop',
  payload: { host: 'test-host', mount: '/', value_percent: 97 },
};

/** The first step on an empty system: one press for those who may send, a command for the others. */
export function TestEvent() {
  const { call, toasts } = useApp();
  const { isAllowed } = useScope('sentry.ingest');
  const [state, setState] = useState<'idle' | 'sending' | 'sent'>('idle');
  if (!isAllowed) return <TestEventHint />;
  const send = async () => {
    setState('sending');
    try {
      await call('events.ingest', TEST_EVENT);
      setState('sent');
    } catch (error) {
      setState('idle');
      toasts.say('failed', `The test event was not sent: ${reasonOf(error)}`);
    }
  };
  return (
    <div className="hint">
      <button
        type="button"
        className="button button-primary"
        disabled={state === 'sending'}
        onClick={() => void send()}
      >
        Send a test event
      </button>
      <p role="status" className="muted">
        {state === 'sent' && 'Sent. It opens an alert within seconds.'}
      </p>
    </div>
  );
}
