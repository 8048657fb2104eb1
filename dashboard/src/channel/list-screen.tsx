import './channel.css';

import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';

import { useScope } from '#dashboard/shell/app-context.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Table } from '#dashboard/shell/table/table.tsx';
import { useSorted } from '#dashboard/shell/table/use-sort.ts';

import { CHANNEL_COLUMNS } from './columns.tsx';
import { DeadDeliveries } from './dead.tsx';
import { ChannelForm } from './form.tsx';
import { useChannels } from './use-channels.ts';
import type { Channel } from './words.ts';

/** `/deliveries`: by which ways people are told, how those fare, and what could not be delivered. */
export function DeliveryScreen() {
  const channels = useChannels();
  const { title } = useScope('sentry.policy.write');
  const [, navigate] = useLocation();
  const [isMaking, setIsMaking] = useState(false);
  const items = channels.value?.items ?? [];
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Deliveries</h1>
        <div className="screen-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={title !== undefined || !channels.value}
            title={title}
            onClick={() => setIsMaking(true)}
          >
            New channel
          </button>
        </div>
      </div>
      <p className="lead">
        Channels are the ways by which people are told. Figures are of the last 24 hours.
      </p>
      <Loaded what="Channels" resource={channels}>
        {(list) => <ChannelTable items={list.items} />}
      </Loaded>
      <DeadDeliveries channels={items} onChanged={channels.reload} />
      {isMaking && (
        <ChannelForm
          channels={items}
          onClose={() => setIsMaking(false)}
          onSaved={(channelId) => navigate(`/deliveries/${encodeURIComponent(channelId)}`)}
        />
      )}
    </main>
  );
}

function ChannelTable({ items }: { items: readonly Channel[] }) {
  const { rows, sort, onSort } = useSorted(items, CHANNEL_COLUMNS);
  return (
    <Table
      caption="Channels"
      kind="channel"
      className="channel-table"
      items={rows}
      idOf={useCallback(({ channel_id }: Channel) => channel_id, [])}
      columns={CHANNEL_COLUMNS}
      nameOf={({ name }) => name}
      sort={sort}
      onSort={onSort}
      empty={<Empty title="There is no channel, so nobody is told of anything." />}
    />
  );
}
