import './quarantine.css';

import type { ReactNode } from 'react';

import type { QuarantineItem } from '#shared/api/routes.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { actorName, byteWords } from '#dashboard/shell/format.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Detail, DetailFrame } from '#dashboard/shell/part/detail.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { ORIGIN_WORDS, StateWord } from './columns.tsx';
import { RawPanel } from './raw.tsx';
import { reasonOf } from './reason.ts';
import { Replay } from './replay.tsx';

const BACK = { href: '/quarantine', name: 'Quarantine' };

/** `/quarantine/:id`: one record that could not be read, why, what to do, and its bytes. */
export function QuarantineDetailScreen({ id: quarantineId }: { id: string }) {
  const { call } = useApp();
  const record = useResource(`quarantine ${quarantineId}`, () =>
    call('quarantine.get', { quarantine_id: quarantineId }),
  );
  const item = record.value;
  if (!item)
    return (
      <DetailFrame back={BACK}>
        <h1 className="hidden">Quarantined record</h1>
        {record.error?.code === 'not_found' ? (
          <Empty title="There is no such record." />
        ) : (
          <Loaded what="The record" resource={record}>
            {() => null}
          </Loaded>
        )}
      </DetailFrame>
    );
  const { words, advice } = reasonOf(item.reason);
  return (
    <Detail
      back={BACK}
      title={words}
      badges={
        <>
          <StateWord state={item.state} />
          <code>{item.reason}</code>
        </>
      }
      actions={<Replay item={item} reload={record.reload} />}
      side={<Facts item={item} />}
    >
      <Panel title="Why, and what to do">
        <p className="quarantine-text">
          <bdi>{item.detail}</bdi>
        </p>
        <p className="muted">{advice}</p>
      </Panel>
      <RawPanel base64={item.raw_base64} sizeBytes={item.size_bytes} />
    </Detail>
  );
}

function Facts({ item }: { item: QuarantineItem }) {
  const facts: [name: string, value: ReactNode][] = [
    ['Came by', ORIGIN_WORDS[item.origin]],
    ['Times', item.count.toLocaleString('en')],
    ['Size', byteWords(item.size_bytes)],
    ['First seen', <When key="f" at={item.first_seen} />],
    ['Last seen', <When key="l" at={item.last_seen} />],
    ['Replayed by', item.replayed_by && <bdi key="b">{actorName(item.replayed_by)}</bdi>],
    ['Replayed', item.replayed_at && <When key="r" at={item.replayed_at} />],
    ['Id', <code key="i">{item.quarantine_id}</code>],
  ];
  return (
    <Panel title="Facts">
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
