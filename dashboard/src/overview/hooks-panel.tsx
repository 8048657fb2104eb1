import { useState } from 'react';
import { Link } from 'wouter';

import type { OperationResult } from '#shared/api/routes.ts';

import { type Resource, useResource } from '#dashboard/api/use-resource.ts';
import { useRefresh } from '#dashboard/incident/use-refresh.ts';
import { StatusBadge, UNRESOLVED } from '#dashboard/incident/words.tsx';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { Confirm } from '#dashboard/shell/part/dialog.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Age } from '#dashboard/shell/time.tsx';

import { Hook } from './hook.tsx';
import { OverviewPanel } from './panel.tsx';

type Channel = OperationResult<'channels.list'>['items'][number];
type Incident = OperationResult<'incidents.list'>['items'][number];

const HEALTH_WORDS: Readonly<Record<Channel['health']['state'], string>> = {
  ok: 'works',
  failing: 'failing',
  broken: 'broken',
  idle: 'nothing sent yet',
};

/** What can be set off by hand, and what became of it last: notify, retry, escalate. */
export function HooksPanel() {
  const { call } = useApp();
  const channels = useResource('channels', () => call('channels.list', {}));
  const incidents = useResource('unclosed', () =>
    call('incidents.list', { status: UNRESOLVED, limit: 3 }),
  );
  useRefresh(incidents.reload);
  useRefresh(channels.reload);
  return (
    <OverviewPanel
      name="hooks"
      title="Automation hooks"
      help={
        <p>
          What you can set off by hand: a test message over each channel, another try for messages
          that were given up, one more level for an incident. Each line says what became of it last.
        </p>
      }
    >
      <div className="tile-scroll" tabIndex={0} role="region" aria-label="Hooks">
        <h3 className="tile-part">Notify</h3>
        <Loaded what="Channels" resource={channels}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="muted">No channel is set up, so nobody is told.</p>
            ) : (
              <ul className="hooks">
                {items.map((channel) => (
                  <ChannelHook
                    key={channel.channel_id}
                    channel={channel}
                    onDone={channels.reload}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
        <h3 className="tile-part">Escalate</h3>
        <IncidentHooks incidents={incidents} />
      </div>
    </OverviewPanel>
  );
}

function ChannelHook({ channel, onDone }: { channel: Channel; onDone: () => void }) {
  const { call } = useApp();
  const mayTest = useScope('sentry.policy.write');
  const mayRetry = useScope('sentry.alert.write');
  const { channel_id, health, enabled } = channel;
  const dead = health.dead;
  return (
    <Hook
      name={<bdi>{channel_id}</bdi>}
      state={
        <span className={`state channel-${enabled ? health.state : 'off'}`}>
          {enabled ? HEALTH_WORDS[health.state] : 'switched off'}
        </span>
      }
      last={<LastOutcome health={health} />}
      onDone={onDone}
      actions={[
        {
          name: 'Send a test',
          label: `Send a test over ${channel_id}`,
          refusal: mayTest.title ?? (enabled ? undefined : 'The channel is switched off'),
          run: async () => {
            const { state, receipt, reason } = await call('channels.test', { channel_id });
            if (state === 'sent') return `Sent${receipt ? `: ${receipt}` : ''}`;
            if (state === 'under_way') return 'Under way; the next look says more';
            throw new Error(reason ?? 'It did not get through');
          },
        },
        ...(dead > 0
          ? [
              {
                name: `Retry ${dead} given up`,
                label: `Retry what ${channel_id} gave up`,
                refusal: mayRetry.title,
                run: async () => {
                  const { redriven, more } = await call('channels.redrive', { channel_id });
                  return `${redriven} tried again${more ? '; there are more' : ''}`;
                },
              },
            ]
          : []),
      ]}
    />
  );
}

function LastOutcome({
  health: { last_success: success, last_failure: failure },
}: Pick<Channel, 'health'>) {
  if (failure && (!success || failure.at > success.at))
    return (
      <>
        failed <Age since={failure.at} /> ago{failure.reason && ': '}
        <bdi>{failure.reason}</bdi>
      </>
    );
  if (!success) return null;
  return (
    <>
      sent <Age since={success.at} /> ago
    </>
  );
}

function IncidentHooks({ incidents }: { incidents: Resource<OperationResult<'incidents.list'>> }) {
  return (
    <Loaded what="Incidents" resource={incidents}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="muted">No incident is open.</p>
        ) : (
          <ul className="hooks">
            {items.map((incident) => (
              <IncidentHook
                key={incident.incident_id}
                incident={incident}
                onDone={incidents.reload}
              />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function IncidentHook({ incident, onDone }: { incident: Incident; onDone: () => void }) {
  const { call } = useApp();
  const mayEscalate = useScope('sentry.alert.write');
  const [isAsking, setIsAsking] = useState<(isSure: boolean) => void>();
  const { incident_id, title, severity, status, escalation_level } = incident;
  const ask = () =>
    new Promise<boolean>((resolve) => setIsAsking(() => (isSure: boolean) => resolve(isSure)));
  return (
    <Hook
      name={
        <Link href={`/incidents/${incident_id}`}>
          <bdi>{title}</bdi>
        </Link>
      }
      state={
        <>
          <SeverityBadge severity={severity} /> <StatusBadge status={status} />
        </>
      }
      last={
        escalation_level === 0 ? 'not escalated so far' : `escalated to level ${escalation_level}`
      }
      onDone={onDone}
      actions={[
        {
          name: 'Escalate',
          label: `Escalate ${title}`,
          refusal: mayEscalate.title,
          run: async () => {
            if (!(await ask())) return undefined;
            const request_id = crypto.randomUUID();
            const after = await call('incidents.escalate', { incident_id, request_id });
            return `Escalated to level ${after.escalation_level}`;
          },
        },
      ]}
    >
      {isAsking && (
        <Confirm
          title="Escalate this incident?"
          verb="Escalate"
          onConfirm={() => isAsking(true)}
          onClose={() => {
            isAsking(false);
            setIsAsking(undefined);
          }}
        >
          <p>
            <bdi>{title}</bdi> goes to level {escalation_level + 1}: one more alert opens, and its
            policy tells people now.
          </p>
        </Confirm>
      )}
    </Hook>
  );
}
