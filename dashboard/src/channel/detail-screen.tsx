import './channel.css';

import type { ReactNode } from 'react';

import { Empty } from '#dashboard/shell/notice.tsx';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';

import { ChannelControls } from './controls.tsx';
import { DeadDeliveries } from './dead.tsx';
import { HealthBadge } from './health-badge.tsx';
import { LastOutcome } from './last-outcome.tsx';
import { ChannelSetup } from './setup.tsx';
import { useChannels } from './use-channels.ts';
import { ChannelVersions } from './versions.tsx';
import { type Channel, healthOf, KIND_WORDS, rateWords } from './words.ts';

const BACK = { href: '/deliveries', name: 'All channels' };

/** `/deliveries/:id`: one channel, how it fares, how it is set up, and what it gave up. */
export function ChannelDetailScreen({ id: channelId }: { id: string }) {
  const channels = useChannels();
  const channel = channels.value?.items.find(({ channel_id }) => channel_id === channelId);
  if (!channels.value || !channel)
    return (
      <DetailFrame back={BACK}>
        <h1 className="hidden">Channel</h1>
        <Loaded what="The channel" resource={channels}>
          {() => (
            <Empty title="There is no such channel.">
              <p>It may have been removed.</p>
            </Empty>
          )}
        </Loaded>
      </DetailFrame>
    );
  return (
    <Detail
      back={BACK}
      title={channel.name}
      badges={
        <>
          <HealthBadge state={healthOf(channel)} />
          <span className="state">{KIND_WORDS[channel.channel]}</span>
          <bdi className="muted">{channel.channel_id}</bdi>
        </>
      }
      actions={
        <ChannelControls
          key={channel.channel_id}
          channel={channel}
          channels={channels.value.items}
          onChanged={channels.reload}
        />
      }
      side={
        <>
          <Facts channel={channel} />
          <ChannelVersions channelId={channel.channel_id} version={channel.version} />
        </>
      }
    >
      <ChannelSetup channel={channel} />
      <DeadDeliveries channelId={channel.channel_id} onChanged={channels.reload} />
    </Detail>
  );
}

function Facts({ channel }: { channel: Channel }) {
  const { health, secondary, url, interactive, shipped, version } = channel;
  const hears = channel.webhook_path !== undefined;
  const rate = rateWords(health.success_rate);
  const facts: [name: string, value: ReactNode][] = [
    ['Got through', rate === undefined ? 'nothing was tried' : rate],
    ['Attempts', `${health.sent} sent, ${health.failed} failed`],
    ['Given up', health.dead],
    ['Made to wait', health.put_off > 0 ? `${health.put_off} (the receiver’s limit)` : undefined],
    ['Last words', <LastOutcome key="l" health={health} />],
    [
      'Heard from it',
      hears ? `${health.heard} calls, ${health.unknown} about no alert` : undefined,
    ],
    [
      'When it fails',
      secondary === undefined ? 'nobody else is told' : <bdi key="s">{secondary}</bdi>,
    ],
    ['Address', url === undefined ? undefined : <bdi key="u">{url}</bdi>],
    ['Buttons', channel.channel === 'slack' ? (interactive ? 'on' : 'off') : undefined],
    ['Version', `${version}${shipped ? ', shipped' : ''}`],
  ];
  return (
    <Panel title="Last 24 hours">
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [
            <dt key={`${name} name`}>{name}</dt>,
            <dd key={`${name} value`}>{value}</dd>,
          ])}
      </dl>
    </Panel>
  );
}
