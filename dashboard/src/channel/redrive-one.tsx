import { useState } from 'react';

import type { Delivery } from '#shared/notification/schema.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';

/** Tries one dead delivery again. */
export function RedriveOne({ delivery, onDone }: { delivery: Delivery; onDone: () => void }) {
  const { call, toasts } = useApp();
  const { title } = useScope('sentry.alert.write');
  const [isBusy, setIsBusy] = useState(false);
  const { delivery_key, destination } = delivery;
  const redrive = async () => {
    setIsBusy(true);
    try {
      await call('deliveries.redrive', { delivery_key });
      toasts.say('done', `${destination} tries it again.`);
    } catch (error) {
      toasts.say('failed', `Not tried again: ${reasonOf(error)}`);
    } finally {
      setIsBusy(false);
      onDone();
    }
  };
  return (
    <button
      type="button"
      className="button button-small"
      aria-label={`Redrive to ${destination}`}
      disabled={isBusy || title !== undefined}
      aria-busy={isBusy}
      title={title}
      onClick={() => void redrive()}
    >
      Redrive
    </button>
  );
}
