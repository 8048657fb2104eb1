import { useState } from 'react';

import type { Incident, IncidentStatus } from '#shared/incident/schema.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';

interface Props {
  incident: Incident;
  onChanged: () => void;
}

const NEXT: Readonly<Record<IncidentStatus, readonly ('ANALYZING' | 'MITIGATING')[]>> = {
  OPEN: ['ANALYZING', 'MITIGATING'],
  ESCALATED: ['ANALYZING', 'MITIGATING'],
  ANALYZING: ['MITIGATING'],
  MITIGATING: [],
  CLOSED: [],
};
const VERBS = { ANALYZING: 'Start analyzing', MITIGATING: 'Start mitigating' } as const;

/** What can be done to an incident in its status; a button that is off says why. */
export function IncidentControls({ incident, onChanged }: Props) {
  const { call, me, toasts } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const [isBusy, setBusy] = useState(false);
  const { incident_id, status, assigned_to } = incident;
  const isClosed = status === 'CLOSED';
  const isMine = assigned_to === me.actor;
  const run = async (what: string, change: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await change();
    } catch (error) {
      toasts.say('failed', `Not ${what}: ${reasonOf(error)}`);
    } finally {
      setBusy(false);
      onChanged();
    }
  };
  const button = {
    type: 'button',
    disabled: !isAllowed || isClosed || isBusy,
    title: title ?? (isClosed ? 'The incident is closed' : undefined),
  } as const;
  return (
    <div className="controls">
      <button
        {...button}
        className="button button-primary"
        onClick={() =>
          void run('escalated', () => {
            // Sent again by itself when the connection breaks, it is still this one escalation.
            const request_id = crypto.randomUUID();
            return call('incidents.escalate', { incident_id, request_id });
          })
        }
      >
        Escalate
      </button>
      {NEXT[status].map((next) => (
        <button
          key={next}
          {...button}
          className="button"
          onClick={() =>
            void run('changed', () => call('incidents.status', { incident_id, status: next }))
          }
        >
          {VERBS[next]}
        </button>
      ))}
      <button
        {...button}
        className="button"
        onClick={() =>
          void run('assigned', () =>
            call('incidents.assign', { incident_id, assigned_to: isMine ? null : me.actor }),
          )
        }
      >
        {isMine ? 'Give up assignment' : 'Assign to me'}
      </button>
      <button
        {...button}
        className="button"
        onClick={() =>
          void run('closed', () => call('incidents.status', { incident_id, status: 'CLOSED' }))
        }
      >
        Close
      </button>
    </div>
  );
}
