import { useRef, useState } from 'react';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { severityWord } from '#dashboard/shell/badge.tsx';

import type { ListFilter } from './filter.ts';

/** Acknowledges every open alert of the filter, after a confirmation that says how many those are. */
export function AcknowledgeAll({ filter, count }: { filter: ListFilter; count: number }) {
  const { actions } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const confirm = async () => {
    setIsBusy(true);
    await actions.acknowledgeAll(filter);
    setIsBusy(false);
    dialog.current?.close();
  };
  const alerts = count === 1 ? '1 open alert' : `${count} open alerts`;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={!isAllowed || count === 0}
        title={title}
        onClick={() => dialog.current?.showModal()}
      >
        Acknowledge all ({count})
      </button>
      <dialog ref={dialog} className="dialog" aria-labelledby="acknowledge-all-title">
        <h2 id="acknowledge-all-title">Acknowledge {alerts}?</h2>
        <p>
          {narrowing(filter)} Their escalation stops, and the timeline of each will name you. An
          alert that opens meanwhile is acknowledged too if it fits.
        </p>
        <div className="dialog-actions">
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => dialog.current?.close()}
          >
            Cancel
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={isBusy}
            onClick={() => void confirm()}
          >
            {isBusy ? 'Acknowledging …' : `Acknowledge ${count}`}
          </button>
        </div>
      </dialog>
    </>
  );
}

function narrowing({ severities, services, q }: ListFilter): string {
  const parts = [
    ...(severities.length > 0 ? [`severity ${severities.map(severityWord).join(' or ')}`] : []),
    ...(services.length > 0 ? [`service ${services.join(' or ')}`] : []),
    ...(q.trim() !== '' ? [`text “${q.trim()}”`] : []),
  ];
  return parts.length > 0 ? `Filter: ${parts.join(', ')}.` : 'No filter is set: this means all.';
}
