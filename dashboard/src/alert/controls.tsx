import { Link } from 'wouter';

import type { Alert } from '#shared/alert/schema.ts';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';

import { isDue } from './act.ts';
import { silenceLink } from './silence-link.ts';
import { useAskEscalate } from './use-ask-escalate.ts';

/** What can be done to an alert in its state. */
export function AlertControls({ alert }: { alert: Alert }) {
  const { actions, me } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const { alert_id, state, assigned_to } = alert;
  const silences = useScope('sentry.policy.write');
  const askEscalate = useAskEscalate();
  const isMine = assigned_to === me.actor;
  return (
    <div className="controls">
      {state === 'ACK' ? (
        <button
          type="button"
          className="button"
          disabled={!isAllowed}
          title={title}
          onClick={() => void actions.run('unack', alert_id)}
        >
          Take acknowledgement back
        </button>
      ) : (
        <button
          type="button"
          className="button button-primary"
          disabled={!isAllowed || !isDue('ack', state)}
          title={title}
          onClick={() => void actions.run('ack', alert_id)}
        >
          Acknowledge
        </button>
      )}
      <button
        type="button"
        className="button"
        disabled={!isAllowed || !isDue('resolve', state)}
        title={title}
        onClick={() => void actions.run('resolve', alert_id)}
      >
        Resolve
      </button>
      <button
        type="button"
        className="button"
        disabled={!isAllowed}
        title={title}
        onClick={() => void actions.assign(alert_id, isMine ? null : me.actor)}
      >
        {isMine ? 'Give up assignment' : 'Assign to me'}
      </button>
      <button
        type="button"
        className="button"
        disabled={!isAllowed || state === 'RESOLVED'}
        title={title}
        onClick={() => askEscalate(alert_id)}
      >
        Escalate …
      </button>
      {silences.isAllowed ? (
        <Link href={silenceLink(alert)} className="button">
          Silence this …
        </Link>
      ) : (
        <button type="button" className="button" disabled title={silences.title}>
          Silence this …
        </button>
      )}
    </div>
  );
}
