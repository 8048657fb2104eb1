import { useState } from 'react';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { severityWord } from '#dashboard/shell/badge.tsx';
import { Confirm } from '#dashboard/shell/part/dialog.tsx';

import type { ListFilter } from './filter.ts';

interface Props {
  filter: ListFilter;
  /** Open alerts that the filter selects, in any state it asks for. */
  openIds: readonly string[];
}

/** Acknowledges every open alert of the filter, after a confirmation that says how many those are. */
export function AcknowledgeAll({ filter, openIds }: Props) {
  const { actions } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const [isAsking, setIsAsking] = useState(false);
  const count = openIds.length;
  const alerts = count === 1 ? '1 open alert' : `${count} open alerts`;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={!isAllowed || count === 0}
        title={title}
        onClick={() => setIsAsking(true)}
      >
        Acknowledge all ({count})
      </button>
      {isAsking && (
        <Confirm
          title={`Acknowledge ${alerts}?`}
          verb={`Acknowledge ${count}`}
          onClose={() => setIsAsking(false)}
          // Who has an alert is no filter of the server's: then it is these and no others.
          onConfirm={() =>
            filter.owner ? actions.runAll('ack', openIds) : actions.acknowledgeAll(filter)
          }
        >
          <p>
            {narrowing(filter)} Their escalation stops, and the timeline of each will name you.
            {!filter.owner && ' An alert that opens meanwhile is acknowledged too if it fits.'}
          </p>
        </Confirm>
      )}
    </>
  );
}

function narrowing({ severities, services, q, owner }: ListFilter): string {
  const parts = [
    ...(severities.length > 0 ? [`severity ${severities.map(severityWord).join(' or ')}`] : []),
    ...(services.length > 0 ? [`service ${services.join(' or ')}`] : []),
    ...(q.trim() !== '' ? [`text “${q.trim()}”`] : []),
    ...(owner ? [owner === 'me' ? 'assigned to you' : 'nobody has it'] : []),
  ];
  return parts.length > 0 ? `Filter: ${parts.join(', ')}.` : 'No filter is set: this means all.';
}
