import type { AlertLine } from '#shared/live/schema.ts';

import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Menu } from '#dashboard/shell/part/menu.tsx';

import { isDue } from './act.ts';
import { useAskEscalate } from './use-ask-escalate.ts';
import { silenceLink } from './silence-link.ts';

/** Acknowledge at once, everything else one click further. */
export function RowActions({ alert }: { alert: AlertLine }) {
  const { actions, me } = useApp();
  const { isAllowed, title } = useScope('sentry.alert.write');
  const silences = useScope('sentry.policy.write');
  const { alert_id, state, assigned_to } = alert;
  const askEscalate = useAskEscalate();
  const isMine = assigned_to === me.actor;
  const isOver = state === 'RESOLVED';
  return (
    <span className="row-actions">
      <button
        type="button"
        className="button button-small"
        disabled={!isAllowed || !isDue('ack', state)}
        title={title}
        onClick={() => void actions.run('ack', alert_id)}
      >
        Acknowledge<span className="hidden"> {alert.title}</span>
      </button>
      <Menu
        label={`More for ${alert.title}`}
        icon="more"
        items={[
          {
            name: 'Resolve',
            run: () => void actions.run('resolve', alert_id),
            refusal: title ?? (isOver ? 'It is resolved already' : undefined),
          },
          ...(state === 'ACK'
            ? [
                {
                  name: 'Take acknowledgement back',
                  run: () => void actions.run('unack', alert_id),
                  refusal: title,
                },
              ]
            : []),
          {
            name: isMine ? 'Give up assignment' : 'Assign to me',
            run: () => void actions.assign(alert_id, isMine ? null : me.actor),
            refusal: title,
          },
          {
            name: 'Escalate …',
            run: () => askEscalate(alert_id),
            refusal: title ?? (isOver ? 'It is resolved' : undefined),
          },
          { name: 'Silence this …', href: silenceLink(alert), refusal: silences.title },
        ]}
      />
    </span>
  );
}
