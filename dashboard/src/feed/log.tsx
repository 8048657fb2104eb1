import { memo } from 'react';

import type { FeedEvent } from '#shared/live/schema.ts';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';

/** The last events, newest first. Rows out of sight are not laid out (`content-visibility`). */
export function FeedLog({ events }: { events: readonly FeedEvent[] }) {
  return (
    <div className="log" role="table" aria-label="Events, newest first">
      <div className="log-row log-head" role="row">
        <span role="columnheader">Time</span>
        <span role="columnheader">Severity</span>
        <span role="columnheader">Service</span>
        <span role="columnheader">Type</span>
        <span role="columnheader">Source</span>
        <span role="columnheader">Event id</span>
      </div>
      <div role="rowgroup" className="log-body" tabIndex={0} aria-label="Log">
        {events.map((event) => (
          <LogRow key={event.event_id} event={event} />
        ))}
      </div>
    </div>
  );
}

const LogRow = memo(function LogRow({ event }: { event: FeedEvent }) {
  const at = new Date(event.timestamp);
  const time = `${at.toLocaleTimeString('en-GB')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return (
    <div className="log-row" role="row">
      <span role="cell" className="numeric">
        <time dateTime={event.timestamp}>{time}</time>
      </span>
      <span role="cell">
        <SeverityBadge severity={event.severity} />
      </span>
      <bdi role="cell">{event.service ?? '—'}</bdi>
      <bdi role="cell">{event.type}</bdi>
      <bdi role="cell" className="muted">
        {event.source}
      </bdi>
      <code role="cell" className="muted">
        {event.event_id.slice(0, 8)}
      </code>
    </div>
  );
});
