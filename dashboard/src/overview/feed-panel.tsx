import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import { SEVERITIES } from '#shared/kernel/severity.ts';

import { toggle } from '#dashboard/alert/filter.ts';
import { LiveChart } from '#dashboard/chart/live-chart.tsx';
import { RateTable } from '#dashboard/chart/rate-table.tsx';
import { Sparkline } from '#dashboard/chart/sparkline.tsx';
import { isShown, readFeedFilter, writeFeedFilter } from '#dashboard/feed/filter.ts';
import { FeedLog } from '#dashboard/feed/log.tsx';
import { perSecond } from '#dashboard/feed/rates.tsx';
import type { FeedView } from '#dashboard/feed/store.ts';
import { useFeed, useFeedView } from '#dashboard/feed/use-feed.ts';
import { SeverityShape, severityWord } from '#dashboard/shell/badge.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';
import { Empty } from '#dashboard/shell/notice.tsx';

import { OverviewPanel } from './panel.tsx';
import { TestEvent } from './test-event.tsx';
import { useTable } from './use-table.tsx';
import { useOverviewView } from './view.ts';

/** What the chart shows, in seconds, by the word in the address. */
const SPANS = { '5m': 300, '30m': 1_800, '3h': 10_000 } as const;
type Span = keyof typeof SPANS;
const SERVICES_SHOWN = 6;

/** What the stream carries right now: rates, their recent past, services, and a log of samples. */
export function FeedPanel() {
  const store = useFeed();
  const view = useFeedView(store);
  const [frozen, setFrozen] = useState<FeedView>();
  const search = useSearch();
  const [, navigate] = useLocation();
  const { isKiosk, focus } = useOverviewView();
  const { isTable, toggle: tableToggle } = useTable('Rates');
  const filter = readFeedFilter(search);
  const query = new URLSearchParams(search);
  const span: Span = query.get('span') === '3h' ? '3h' : query.get('span') === '30m' ? '30m' : '5m';
  const shown = frozen ?? view;
  const events = shown.events.filter((event) => isShown(event, filter));
  const hasNothing = view.events.length === 0;
  const change = (next: Record<string, string>) => {
    const changed = new URLSearchParams(search);
    for (const [name, value] of Object.entries(next))
      if (value === '') changed.delete(name);
      else changed.set(name, value);
    const text = changed.toString().replaceAll('%2C', ',');
    navigate(text === '' ? '/' : `/?${text}`, { replace: true });
  };
  const setFilter = (next: typeof filter) => {
    const written = new URLSearchParams(writeFeedFilter(next));
    change({ severity: written.get('severity') ?? '', q: written.get('q') ?? '' });
  };
  return (
    <OverviewPanel
      name="feed"
      title="Live metrics feed"
      help={<Help />}
      tools={
        <>
          {tableToggle}
          <button
            type="button"
            className={`button button-small ${frozen ? 'button-primary' : ''}`}
            aria-pressed={frozen !== undefined}
            onClick={() => setFrozen(frozen ? undefined : view)}
          >
            <Icon name={frozen ? 'play' : 'pause'} /> {frozen ? 'Go on' : 'Pause'}
          </button>
        </>
      }
    >
      <p className="tile-note" data-followed={view.isFollowed}>
        <b data-feed-rate>{perSecond(view.rate)}</b> events/s, <b>{perSecond(view.matchRate)}</b>{' '}
        matches/s,{' '}
        <span title="Counted and judged by every rule; only not shown in this log.">
          {view.dropped.toLocaleString('en')} of {view.total.toLocaleString('en')} not shown
        </span>
      </p>
      <div className="feed-top">
        {isTable ? (
          <RateTable history={store.history} spanSeconds={SPANS[span]} />
        ) : (
          <LiveChart
            history={store.history}
            spanSeconds={SPANS[span]}
            label={`Events and matches per second, now ${perSecond(view.rate)} and ${perSecond(view.matchRate)}; as a table behind the button Table`}
          />
        )}
        <ServiceRates view={view} most={focus === 'feed' ? 12 : SERVICES_SHOWN} />
      </div>
      {!isKiosk && (
        <search className="filter-bar feed-filter">
          <div className="chips" role="group" aria-label="Severity">
            {SEVERITIES.toReversed().map((severity) => (
              <button
                key={severity}
                type="button"
                aria-pressed={filter.severities.includes(severity)}
                aria-label={severityWord(severity)}
                title={severityWord(severity)}
                className={`chip chip-icon severity-${severity}`}
                onClick={() =>
                  setFilter({
                    ...filter,
                    severities: toggle(SEVERITIES, filter.severities, severity),
                  })
                }
              >
                <SeverityShape severity={severity} />
              </button>
            ))}
          </div>
          <label className="field field-search">
            <Icon name="search" />
            <span className="hidden">Search type, source, service or id</span>
            <input
              type="search"
              placeholder="Search events"
              value={filter.q}
              maxLength={256}
              onChange={({ target }) => setFilter({ ...filter, q: target.value })}
            />
          </label>
          <label className="field">
            <span className="hidden">Time the chart shows</span>
            <select
              value={span}
              onChange={({ target }) => change({ span: target.value === '5m' ? '' : target.value })}
            >
              <option value="5m">5 min</option>
              <option value="30m">30 min</option>
              <option value="3h">2 h 46 min</option>
            </select>
          </label>
          {frozen && (
            <span className="muted" role="status">
              Paused; {(view.total - frozen.total).toLocaleString('en')} events since
            </span>
          )}
        </search>
      )}
      {hasNothing ? (
        <Empty title="No event has come since you began to watch.">
          {!isKiosk && <TestEvent />}
        </Empty>
      ) : events.length === 0 ? (
        <Empty title="None of the last events matches this filter." />
      ) : (
        <FeedLog events={events} isBrief={focus !== 'feed'} />
      )}
    </OverviewPanel>
  );
}

/** The busiest services with their last minute. */
function ServiceRates({ view, most }: { view: FeedView; most: number }) {
  if (view.services.length === 0) return null;
  return (
    <ul className="service-rates" aria-label="Busiest services, events per second">
      {view.services
        .slice(0, most)
        .map(({ service, perSecond: rate, errorsPerSecond, seconds }) => (
          <li key={service}>
            <bdi className="service-rate-name">{service}</bdi>
            <Sparkline values={seconds} />
            <span className="service-rate">
              {perSecond(rate)}
              <span className="hidden"> events per second</span>
            </span>
            {errorsPerSecond > 0 && (
              <span className="is-bad service-rate">
                {perSecond(errorsPerSecond)} err<span className="hidden">ors per second</span>
              </span>
            )}
          </li>
        ))}
    </ul>
  );
}

function Help() {
  return (
    <>
      <p>
        Every event is counted and judged by every rule. The log shows samples of the stream, so a
        number of events is not shown; the rates count all of them.
      </p>
      <p>
        The line is events per second, the dashed one matches of rules per second, each with a scale
        of its own. Holes are times in which this tab was hidden or not connected.
      </p>
      <p>Scrolled down, the log keeps still. A hidden tab pauses the feed.</p>
    </>
  );
}
