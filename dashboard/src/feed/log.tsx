import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { FeedEvent } from '#shared/live/schema.ts';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';

import { visibleRows } from './visible-rows.ts';

/** Height of a row, as in feed.css. */
const ROW_REM = 1.75;

interface Props {
  events: readonly FeedEvent[];
  /** Without source and event id, for a narrow place. */
  isBrief?: boolean;
}

/**
 * The last events, newest first; only rows in sight are in the page. Scrolled down it keeps still, and
 * says how many wait above.
 */
export function FeedLog({ events, isBrief = false }: Props) {
  const body = useRef<HTMLDivElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollPx: 0, heightPx: 600, rowPx: 28 });
  const held = useRef<readonly FeedEvent[] | undefined>(undefined);
  const isDown = view.scrollPx > 0;
  if (!isDown) held.current = undefined;
  else held.current ??= events;
  const shown = held.current ?? events;
  const waiting = held.current ? countNew(events, held.current) : 0;
  const { first, last } = visibleRows(shown.length, view.rowPx, view.scrollPx, view.heightPx);

  useEffect(() => {
    const element = body.current!;
    const measure = () =>
      setView({
        scrollPx: element.scrollTop,
        heightPx: element.clientHeight,
        rowPx: ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize),
      });
    const resizes = new ResizeObserver(measure);
    resizes.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      resizes.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useLayoutEffect(() => {
    room.current?.style.setProperty('--rows', String(shown.length));
    room.current?.style.setProperty('--first', String(first));
  }, [shown.length, first]);

  return (
    <div
      className={`log ${isBrief ? 'log-brief' : ''}`}
      role="table"
      aria-label="Events, newest first"
      aria-rowcount={shown.length + 1}
    >
      <div className="log-row log-head" role="row" aria-rowindex={1}>
        <span role="columnheader">Time</span>
        <span role="columnheader">Severity</span>
        <span role="columnheader">Service</span>
        <span role="columnheader">Type</span>
        {!isBrief && <span role="columnheader">Source</span>}
        {!isBrief && <span role="columnheader">Event id</span>}
      </div>
      <div ref={body} role="rowgroup" className="log-body" tabIndex={0} aria-label="Log">
        <div ref={room} className="log-room" role="presentation">
          <div className="log-window" role="presentation">
            {shown.slice(first, last).map((event, index) => (
              <LogRow
                key={event.event_id}
                event={event}
                isBrief={isBrief}
                index={first + index + 2}
              />
            ))}
          </div>
        </div>
      </div>
      {waiting > 0 && (
        <div className="log-waiting" role="presentation">
          <button
            type="button"
            className="button button-small"
            onClick={() => body.current?.scrollTo({ top: 0 })}
          >
            {waiting.toLocaleString('en')} new ↑
          </button>
        </div>
      )}
    </div>
  );
}

/** Events above the newest of those held. */
function countNew(events: readonly FeedEvent[], held: readonly FeedEvent[]): number {
  const at = events.indexOf(held[0]!);
  return at < 0 ? events.length : at;
}

const LogRow = memo(function LogRow({
  event,
  isBrief,
  index,
}: {
  event: FeedEvent;
  isBrief: boolean;
  index: number;
}) {
  const at = new Date(event.timestamp);
  const time = `${at.toLocaleTimeString('en-GB')}.${String(at.getMilliseconds()).padStart(3, '0')}`;
  return (
    <div className="log-row" role="row" aria-rowindex={index}>
      <span role="cell" className="numeric">
        <time dateTime={event.timestamp}>{time}</time>
      </span>
      <span role="cell">
        <SeverityBadge severity={event.severity} />
      </span>
      <bdi role="cell">{event.service ?? '—'}</bdi>
      <bdi role="cell">{event.type}</bdi>
      {!isBrief && (
        <bdi role="cell" className="muted">
          {event.source}
        </bdi>
      )}
      {!isBrief && (
        <code role="cell" className="muted">
          {event.event_id.slice(0, 8)}
        </code>
      )}
    </div>
  );
});
