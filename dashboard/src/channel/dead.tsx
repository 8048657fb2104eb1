import { useCallback, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import type { Delivery } from '#shared/notification/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Empty, Failed, Loading } from '#dashboard/shell/notice.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { Table } from '#dashboard/shell/table/table.tsx';

import { deadColumns } from './dead-columns.tsx';
import { RedriveChannel } from './redrive-channel.tsx';
import type { Channel } from './words.ts';

interface Props {
  /** Those one may choose from. */
  channels?: readonly Channel[];
  /** Only what this one gave up. */
  channelId?: string;
  onChanged: () => void;
}

/** Messages that were given up, across alerts, newest first; each can be tried again. */
export function DeadDeliveries({ channels = [], channelId, onChanged }: Props) {
  const { call } = useApp();
  const search = useSearch();
  const [path, navigate] = useLocation();
  const chosen = channelId ?? new URLSearchParams(search).get('channel') ?? undefined;
  const filter = chosen === undefined ? {} : { channel_id: chosen };
  const [older, setOlder] = useState<{ key: string; items: Delivery[]; cursor?: string }>();
  const key = chosen ?? '';
  const list = useResource(`dead ${key}`, () => call('deliveries.list', filter));
  const more = older?.key === key ? older : undefined;
  const cursor = more ? more.cursor : list.value?.cursor;
  const readOlder = async () => {
    const next = await call('deliveries.list', { ...filter, ...(cursor && { cursor }) });
    setOlder({
      key,
      items: [...(more?.items ?? []), ...next.items],
      ...(next.cursor !== undefined && { cursor: next.cursor }),
    });
  };
  const { reload } = list;
  const refresh = useCallback(() => {
    setOlder(undefined);
    reload();
    onChanged();
  }, [reload, onChanged]);
  const isOfOne = channelId !== undefined;
  const columns = useMemo(
    () => deadColumns(refresh).filter(({ key: column }) => !isOfOne || column !== 'channel'),
    [refresh, isOfOne],
  );
  const items = [...(list.value?.items ?? []), ...(more?.items ?? [])];
  const choose = (id: string) => {
    const query = new URLSearchParams(search);
    if (id === '') query.delete('channel');
    else query.set('channel', id);
    navigate(query.size > 0 ? `${path}?${query}` : path, { replace: true });
  };
  return (
    <Panel
      title="Dead deliveries"
      className="dead-panel"
      help={
        <p>
          A message dies when its receiver refuses it for good, or when nothing got through for 24
          hours. Redriving tries it again with the alert as it stands now.
        </p>
      }
      actions={
        <>
          {channelId === undefined && (
            <span className="field">
              <select
                aria-label="Channel"
                value={key}
                onChange={({ target }) => choose(target.value)}
              >
                <option value="">All channels</option>
                {[
                  ...new Set([
                    ...channels.map(({ channel_id }) => channel_id),
                    ...(key ? [key] : []),
                  ]),
                ].map((id) => (
                  <option key={id} value={id}>
                    {id}
                  </option>
                ))}
              </select>
            </span>
          )}
          {chosen !== undefined && items.length > 0 && (
            <RedriveChannel channelId={chosen} onDone={refresh} />
          )}
          <button type="button" className="button" disabled={list.isLoading} onClick={refresh}>
            Refresh
          </button>
        </>
      }
    >
      {!list.value && list.error && (
        <Failed what="Dead deliveries" message={list.error.message} retry={reload} />
      )}
      {!list.value && !list.error && <Loading what="dead deliveries" />}
      {list.value && (
        <Table
          caption="Dead deliveries"
          kind="delivery"
          items={items}
          idOf={idOf}
          columns={columns}
          empty={
            <Empty
              title={
                chosen === undefined
                  ? 'Nothing was given up: every message got through.'
                  : 'This channel gave nothing up.'
              }
            />
          }
          foot={
            cursor !== undefined && (
              <button type="button" className="button" onClick={() => void readOlder()}>
                Show older
              </button>
            )
          }
        />
      )}
    </Panel>
  );
}

const idOf = ({ delivery_key }: Delivery) => delivery_key;
