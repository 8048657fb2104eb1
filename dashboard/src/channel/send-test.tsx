import { useState } from 'react';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';

import { readTest, refusedTest, type TestOutcome } from './test-account.ts';
import type { Channel } from './words.ts';

interface Props {
  channel: Channel;
  /** In a row, where there is no room for an outcome: it is said at the edge of the page. */
  isSmall?: boolean;
  onDone?: () => void;
}

/** Sends a marked message over a channel and says what its receiver answered. */
export function SendTest({ channel, isSmall = false, onDone }: Props) {
  const { call, toasts } = useApp();
  const { title } = useScope('sentry.policy.write');
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<TestOutcome>();
  const { channel_id, name, enabled } = channel;
  const refusal = title ?? (enabled ? undefined : 'The channel is switched off');
  const send = async () => {
    setIsBusy(true);
    setOutcome(undefined);
    const startedAt = performance.now();
    const found = await call('channels.test', { channel_id })
      .then((test) => readTest(test, performance.now() - startedAt))
      .catch(refusedTest);
    setIsBusy(false);
    setOutcome(found);
    if (isSmall) toasts.say(found.kind === 'failed' ? 'failed' : 'done', `${name}: ${found.words}`);
    onDone?.();
  };
  const button = (
    <button
      type="button"
      className={`button ${isSmall ? 'button-small' : 'button-primary'}`}
      disabled={isBusy || refusal !== undefined}
      aria-busy={isBusy}
      aria-label={isSmall ? `Send a test over ${name}` : undefined}
      title={refusal}
      onClick={() => void send()}
    >
      {isBusy ? 'Sending …' : 'Send a test'}
    </button>
  );
  if (isSmall) return button;
  return (
    <>
      {button}
      <p role="status" className={`test-outcome test-${outcome?.kind ?? 'none'}`}>
        {isBusy && (
          <>
            <span className="spinner" aria-hidden="true" /> Waiting for the receiver …
          </>
        )}
        {outcome && <bdi>{outcome.words}</bdi>}
      </p>
    </>
  );
}
