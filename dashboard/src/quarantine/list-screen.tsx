import './quarantine.css';

import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';

import type { QuarantineItem } from '#shared/api/routes.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Table } from '#dashboard/shell/table/table.tsx';
import { useSorted } from '#dashboard/shell/table/use-sort.ts';

import { QUARANTINE_COLUMNS } from './columns.tsx';
import { reasonOf } from './reason.ts';

const PAGE = 100;

/** `/quarantine`: input that could not be read, why, and the way to put it on the stream again. */
export function QuarantineScreen() {
  const { call } = useApp();
  const [older, setOlder] = useState<{ items: QuarantineItem[]; cursor?: string }>();
  const list = useResource('quarantine', () => call('quarantine.list', { limit: PAGE }));
  const { cursor } = older ?? list.value ?? {};
  const readOlder = async () => {
    const page = await call('quarantine.list', { limit: PAGE, cursor });
    setOlder({
      items: [...(older?.items ?? []), ...page.items],
      ...(page.cursor !== undefined && { cursor: page.cursor }),
    });
  };
  const items = useMemo(
    () => [...(list.value?.items ?? []), ...(older?.items ?? [])],
    [list.value, older],
  );
  const { chosen, choose } = useReason();
  const shown = useMemo(
    () => (chosen === undefined ? items : items.filter(({ reason }) => reason === chosen)),
    [items, chosen],
  );
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Quarantine</h1>
        <div className="screen-actions">
          <button
            type="button"
            className="button"
            disabled={list.isLoading}
            onClick={() => {
              setOlder(undefined);
              list.reload();
            }}
          >
            Refresh
          </button>
        </div>
      </div>
      <p className="lead">
        Records that could not be read are kept here as they came; nothing is thrown away.
      </p>
      <Loaded what="Quarantine" resource={list}>
        {() => (
          <>
            <ReasonFilter items={items} chosen={chosen} onChoose={choose} />
            <QuarantineTable
              items={shown}
              isFiltered={chosen !== undefined}
              foot={
                cursor !== undefined && (
                  <>
                    <p className="muted">
                      {chosen !== undefined && `${shown.length} of `}
                      the last {items.length.toLocaleString('en')} are shown.
                    </p>
                    <button type="button" className="button" onClick={() => void readOlder()}>
                      Show older
                    </button>
                  </>
                )
              }
            />
          </>
        )}
      </Loaded>
    </main>
  );
}

/** The reason that the address asks for. */
function useReason() {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const chosen = new URLSearchParams(search).get('reason') ?? undefined;
  const choose = (reason: string | undefined) => {
    const query = new URLSearchParams(search);
    if (reason === undefined) query.delete('reason');
    else query.set('reason', reason);
    navigate(query.size > 0 ? `${path}?${query}` : path, { replace: true });
  };
  return { chosen, choose };
}

function ReasonFilter(props: {
  items: readonly QuarantineItem[];
  chosen: string | undefined;
  onChoose: (reason: string | undefined) => void;
}) {
  const { items, chosen, onChoose } = props;
  const counts = new Map<string, number>();
  for (const { reason } of items) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (chosen !== undefined && !counts.has(chosen)) counts.set(chosen, 0);
  if (counts.size === 0) return null;
  return (
    <search className="filter-bar">
      <div className="chips" role="group" aria-label="Reason">
        {[...counts].map(([reason, count]) => (
          <button
            key={reason}
            type="button"
            className="chip"
            aria-pressed={reason === chosen}
            onClick={() => onChoose(reason === chosen ? undefined : reason)}
          >
            <bdi>{reasonOf(reason).words}</bdi> <span className="chip-count">{count}</span>
          </button>
        ))}
      </div>
    </search>
  );
}

function QuarantineTable(props: {
  items: readonly QuarantineItem[];
  isFiltered: boolean;
  foot: ReactNode;
}) {
  const { rows, sort, onSort } = useSorted(props.items, QUARANTINE_COLUMNS);
  return (
    <Table
      caption="Quarantine"
      kind="record"
      items={rows}
      idOf={useCallback(({ quarantine_id }: QuarantineItem) => quarantine_id, [])}
      columns={QUARANTINE_COLUMNS}
      sort={sort}
      onSort={onSort}
      empty={
        props.isFiltered ? (
          <Empty title="Nothing is held for this reason." />
        ) : (
          <Empty title="Nothing is in quarantine: every record could be read.">
            <p>
              What a new producer sends and cannot be read shows up here.{' '}
              <Link href="/sources">Add a source</Link>
            </p>
          </Empty>
        )
      }
      foot={props.foot}
    />
  );
}
