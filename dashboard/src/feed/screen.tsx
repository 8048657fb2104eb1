import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';

import { SEVERITIES } from '#shared/kernel/severity.ts';
import type { FeedEvent } from '#shared/live/schema.ts';

import { toggle } from '#dashboard/alert/filter.ts';
import { SeverityShape, severityWord } from '#dashboard/shell/badge.tsx';
import { ServiceSelect } from '#dashboard/shell/service-select.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';
import { Empty, TestEventHint } from '#dashboard/shell/notice.tsx';

import { type FeedFilter, isShown, readFeedFilter, writeFeedFilter } from './filter.ts';
import { FeedLog } from './log.tsx';
import { RatePanel, ServicePanel } from './rates.tsx';
import type { FeedView } from './store.ts';
import { useFeed, useFeedView } from './use-feed.ts';

/** `/feed`: what the stream carries right now, sampled, with exact rates. */
export function FeedScreen() {
  const store = useFeed();
  const search = useSearch();
  const [, navigate] = useLocation();
  const filter = readFeedFilter(search);
  const view = useFeedView(store);
  const [frozen, setFrozen] = useState<FeedView>();

  const setFilter = (next: FeedFilter) => {
    const query = writeFeedFilter(next);
    navigate(query ? `/feed?${query}` : '/feed', { replace: true });
  };
  const events = (frozen ?? view).events.filter((event) => isShown(event, filter));
  const services = namesOf(view.events, filter);
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Live feed</h1>
        <div className="screen-actions">
          {frozen && (
            <span className="muted">
              Paused; {(view.total - frozen.total).toLocaleString('en')} events since
            </span>
          )}
          <button
            type="button"
            className={`button ${frozen ? 'button-primary' : ''}`}
            aria-pressed={frozen !== undefined}
            onClick={() => setFrozen(frozen ? undefined : view)}
          >
            <Icon name={frozen ? 'play' : 'pause'} /> {frozen ? 'Go on' : 'Pause'}
          </button>
        </div>
      </div>
      <div className="feed-panels">
        <RatePanel view={view} />
        <ServicePanel view={view} />
      </div>
      <search className="filter-bar">
        <div className="chips" role="group" aria-label="Severity">
          {SEVERITIES.toReversed().map((severity) => (
            <button
              key={severity}
              type="button"
              aria-pressed={filter.severities.includes(severity)}
              className={`chip severity-${severity}`}
              onClick={() =>
                setFilter({
                  ...filter,
                  severities: toggle(SEVERITIES, filter.severities, severity),
                })
              }
            >
              <SeverityShape severity={severity} />
              {severityWord(severity)}
            </button>
          ))}
        </div>
        <ServiceSelect
          value={filter.service}
          services={services}
          onChange={(service) => setFilter({ ...filter, service })}
        />
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
      </search>
      {view.events.length === 0 ? (
        <Empty title="No event has come since this page opened.">
          <TestEventHint />
        </Empty>
      ) : events.length === 0 ? (
        <Empty title="None of the last events matches this filter." />
      ) : (
        <FeedLog events={events} />
      )}
    </main>
  );
}

function namesOf(events: readonly FeedEvent[], filter: FeedFilter): string[] {
  const names = new Set(events.flatMap(({ service }) => (service === undefined ? [] : [service])));
  if (filter.service !== '') names.add(filter.service);
  return [...names].sort();
}
