import { Link } from 'wouter';

import { byText, type Column } from '#dashboard/shell/table/column.ts';

import { HealthBadge } from './health-badge.tsx';
import { LastOutcome } from './last-outcome.tsx';
import { SendTest } from './send-test.tsx';
import { type Channel, healthOf, type HealthState, KIND_WORDS, rateWords } from './words.ts';

/** What needs somebody first. */
const WORST_FIRST: readonly HealthState[] = ['broken', 'failing', 'idle', 'ok', 'off'];
const rankOf = (channel: Channel) => WORST_FIRST.indexOf(healthOf(channel));

/** The columns of the list of channels. */
export const CHANNEL_COLUMNS: readonly Column<Channel>[] = [
  {
    key: 'health',
    name: 'Health',
    width: '9.5rem',
    compare: (a, b) => rankOf(a) - rankOf(b),
    cell: (channel) => <HealthBadge state={healthOf(channel)} />,
  },
  {
    key: 'name',
    name: 'Channel',
    width: 'minmax(11rem, 1fr)',
    compare: (a, b) => byText(a.name, b.name),
    card: 'line',
    cell: ({ channel_id, name }) => (
      <>
        <Link href={`/deliveries/${encodeURIComponent(channel_id)}`} className="alert-title">
          <bdi>{name}</bdi>
        </Link>{' '}
        <bdi className="muted channel-id">{channel_id}</bdi>
      </>
    ),
  },
  {
    key: 'kind',
    name: 'Kind',
    width: '6rem',
    compare: (a, b) => byText(KIND_WORDS[a.channel], KIND_WORDS[b.channel]),
    cell: ({ channel }) => KIND_WORDS[channel],
  },
  {
    key: 'rate',
    name: 'Got through',
    width: '7.5rem',
    compare: (a, b) => (a.health.success_rate ?? 2) - (b.health.success_rate ?? 2),
    card: 'label',
    isEnd: true,
    cell: ({ health }) => (
      <span title={`${health.sent} of ${health.sent + health.failed} attempts within 24 hours`}>
        {rateWords(health.success_rate) ?? <span className="muted">—</span>}
      </span>
    ),
  },
  {
    key: 'last',
    name: 'Last words',
    width: 'minmax(10rem, 1.2fr)',
    card: 'line',
    cell: ({ health }) => <LastOutcome health={health} />,
  },
  {
    key: 'secondary',
    name: 'When it fails',
    width: 'minmax(6rem, 9rem)',
    compare: (a, b) => byText(a.secondary ?? '', b.secondary ?? ''),
    card: 'label',
    cell: ({ secondary }) =>
      secondary === undefined ? <span className="muted">—</span> : <bdi>{secondary}</bdi>,
  },
  {
    key: 'test',
    name: 'Test',
    width: '8.5rem',
    isNameHidden: true,
    cell: (channel) => <SendTest channel={channel} isSmall />,
  },
];
