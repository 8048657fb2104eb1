import { useState } from 'react';
import { Link, useSearch } from 'wouter';

import type { QuarantineItem } from '#shared/api/routes.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { byteWords } from '#dashboard/shell/format.ts';
import { Empty, Failed, Loading } from '#dashboard/shell/notice.tsx';
import { Age } from '#dashboard/shell/time.tsx';

import { QuarantineDetail } from './detail.tsx';

/** `/quarantine`: input that could not be read, why, and the way to put it on the stream again. */
export function QuarantineScreen() {
  const { call } = useApp();
  const chosen = new URLSearchParams(useSearch()).get('id') ?? undefined;
  const [older, setOlder] = useState<readonly QuarantineItem[]>([]);
  const [next, setNext] = useState<{ cursor: string | undefined }>();
  const list = useResource('quarantine', () => call('quarantine.list', { limit: 100 }));
  const { cursor } = next ?? { cursor: list.value?.cursor };
  const more = async () => {
    const page = await call('quarantine.list', { limit: 100, cursor });
    setOlder([...older, ...page.items]);
    setNext({ cursor: page.cursor });
  };
  const reload = () => {
    setOlder([]);
    setNext(undefined);
    list.reload();
  };
  const items = [...(list.value?.items ?? []), ...older];
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Quarantine</h1>
        <div className="screen-actions">
          <button type="button" className="button" disabled={list.isLoading} onClick={reload}>
            Refresh
          </button>
        </div>
      </div>
      <p className="lead">
        Records that could not be read are kept here as they came; nothing is thrown away.
      </p>
      {chosen !== undefined && (
        <QuarantineDetail key={chosen} quarantineId={chosen} onReplayed={reload} />
      )}
      {!list.value && list.error && (
        <Failed what="Quarantine" message={list.error.message} retry={list.reload} />
      )}
      {!list.value && !list.error && <Loading what="quarantine" />}
      {list.value && items.length === 0 && (
        <Empty title="Nothing is in quarantine: every record could be read." />
      )}
      {items.length > 0 && (
        <div className="table-frame table-scroll">
          <table role="table" className="table card-table quarantine-table">
            <caption className="hidden">Quarantine</caption>
            <thead role="rowgroup">
              <tr role="row">
                <th role="columnheader" scope="col">
                  Reason
                </th>
                <th role="columnheader" scope="col">
                  Detail
                </th>
                <th role="columnheader" scope="col">
                  State
                </th>
                <th role="columnheader" scope="col">
                  Origin
                </th>
                <th role="columnheader" scope="col" className="cell-count">
                  Times
                </th>
                <th role="columnheader" scope="col" className="cell-count">
                  Size
                </th>
                <th role="columnheader" scope="col" className="cell-age">
                  Last seen
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {items.map((item) => (
                <tr
                  role="row"
                  key={item.quarantine_id}
                  className={item.quarantine_id === chosen ? 'is-chosen' : ''}
                >
                  <td role="cell">
                    <Link
                      href={`/quarantine?id=${encodeURIComponent(item.quarantine_id)}`}
                      aria-current={item.quarantine_id === chosen ? 'true' : undefined}
                    >
                      <code>{item.reason}</code>
                    </Link>
                  </td>
                  <td role="cell" className="cell-text">
                    <bdi>{item.detail}</bdi>
                  </td>
                  <td role="cell">
                    <span className={`state ${item.state === 'HELD' ? 'state-OPEN' : ''}`}>
                      {item.state === 'HELD' ? 'Held' : 'Replayed'}
                    </span>
                  </td>
                  <td role="cell">{item.origin === 'kinesis' ? 'Kinesis' : 'API'}</td>
                  <td role="cell" className="cell-count">
                    {item.count.toLocaleString('en')}
                    <span className="narrow-label"> ×</span>
                  </td>
                  <td role="cell" className="cell-count">
                    {byteWords(item.size_bytes)}
                  </td>
                  <td role="cell" className="cell-age">
                    <Age since={item.last_seen} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {cursor !== undefined && (
            <div className="table-foot">
              <button type="button" className="button" onClick={() => void more()}>
                Show more
              </button>
            </div>
          )}
        </div>
      )}
    </main>
  );
}
