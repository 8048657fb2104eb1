import { Link } from 'wouter';

import type { QuarantineItem } from '#shared/api/routes.ts';

import { byteWords } from '#dashboard/shell/format.ts';
import { byText, type Column } from '#dashboard/shell/table/column.ts';
import { Age } from '#dashboard/shell/time.tsx';

import { reasonOf } from './reason.ts';

export const ORIGIN_WORDS: Readonly<Record<QuarantineItem['origin'], string>> = {
  kinesis: 'Stream',
  api: 'HTTP API',
};

export function StateWord({ state }: Pick<QuarantineItem, 'state'>) {
  return (
    <span className={`state ${state === 'HELD' ? 'state-OPEN' : ''}`}>
      {state === 'HELD' ? 'Held' : 'Replayed'}
    </span>
  );
}

/** The columns of the quarantine. */
export const QUARANTINE_COLUMNS: readonly Column<QuarantineItem>[] = [
  {
    key: 'reason',
    name: 'Reason',
    width: 'minmax(10rem, 13rem)',
    compare: (a, b) => byText(reasonOf(a.reason).words, reasonOf(b.reason).words),
    card: 'line',
    cell: ({ quarantine_id, reason }) => (
      <Link href={`/quarantine/${encodeURIComponent(quarantine_id)}`} className="alert-title">
        <bdi>{reasonOf(reason).words}</bdi>
      </Link>
    ),
  },
  {
    key: 'detail',
    name: 'What is wrong',
    width: 'minmax(12rem, 1fr)',
    card: 'line',
    className: 'quarantine-text',
    cell: ({ detail }) => <bdi>{detail}</bdi>,
  },
  {
    key: 'state',
    name: 'State',
    width: '6.5rem',
    compare: (a, b) => byText(a.state, b.state),
    cell: ({ state }) => <StateWord state={state} />,
  },
  {
    key: 'origin',
    name: 'Came by',
    width: '6rem',
    compare: (a, b) => byText(ORIGIN_WORDS[a.origin], ORIGIN_WORDS[b.origin]),
    cell: ({ origin }) => ORIGIN_WORDS[origin],
  },
  {
    key: 'count',
    name: 'Times',
    width: '5rem',
    compare: (a, b) => a.count - b.count,
    first: 'descending',
    isEnd: true,
    card: 'label',
    cell: ({ count }) => count.toLocaleString('en'),
  },
  {
    key: 'size',
    name: 'Size',
    width: '5.5rem',
    compare: (a, b) => a.size_bytes - b.size_bytes,
    first: 'descending',
    isEnd: true,
    cell: ({ size_bytes }) => byteWords(size_bytes),
  },
  {
    key: 'first',
    name: 'First seen',
    width: '7rem',
    compare: (a, b) => Date.parse(b.first_seen) - Date.parse(a.first_seen),
    isEnd: true,
    card: 'hide',
    cell: ({ first_seen }) => <Age since={first_seen} />,
  },
  {
    key: 'last',
    name: 'Last seen',
    width: '7rem',
    compare: (a, b) => Date.parse(b.last_seen) - Date.parse(a.last_seen),
    isEnd: true,
    card: 'label',
    cell: ({ last_seen }) => <Age since={last_seen} />,
  },
];
